//! Rails, Rake and jobs: what people type and what clients ask for.

use super::entries;
use codexa_model::Language::Ruby;

#[test]
fn routes_of_sinatra_and_grape_stand_below_their_namespaces() {
    let sinatra = "require 'sinatra/base'\nrequire 'sinatra/namespace'\nclass A < Sinatra::Base\n\
        namespace '/api' do\nget '/x' do\nend\nnamespace '/v1' do\npost '/y' do\nend\nend\nend\nget '/z' do\nend\nend\n";
    assert_eq!(
        entries(Ruby, "lib/a.rb", sinatra),
        "5 HttpRoute /x GET /api/x ruby.sinatra_route\n8 HttpRoute /y POST /api/v1/y ruby.sinatra_route\n\
         12 HttpRoute /z GET /z ruby.sinatra_route\n"
    );
    let grape = "require 'grape'\nclass A < Grape::API\nresource :statuses do\nget :public do\nend\n\
        route_param :id do\nget do\nend\nend\nend\nget '/ping' do\nend\nhead :up do\nend\nend\n";
    assert_eq!(
        entries(Ruby, "lib/a.rb", grape),
        "4 HttpRoute public GET /statuses/public ruby.grape_route\n7 HttpRoute /statuses/:id GET /statuses/:id ruby.grape_route\n\
         11 HttpRoute /ping GET /ping ruby.grape_route\n13 HttpRoute up HEAD /up ruby.grape_route\n"
    );
}

#[test]
fn rails_routes_are_those_that_rails_lists() {
    let routes = "Rails.application.routes.draw do\n\
        root to: 'home#index'\n\
        get '/404' => 'about#missing', :via => :all\n\
        match '/login' => 'login#form', via: [:get, :post]\n\
        get 'about/team'\n\
        get '/old', to: redirect('/new')\n\
        mount Sidekiq::Web => '/sidekiq'\n\
        get \"/#{name}\", to: 'x#y'\n\
        end\n";
    assert_eq!(
        entries(Ruby, "config/routes.rb", routes),
        "2 HttpRoute home#index GET / ruby.rails_route\n\
         3 HttpRoute about#missing GET /404 ruby.rails_route\n\
         4 HttpRoute login#form GET,POST /login ruby.rails_route\n\
         5 HttpRoute about#team GET /about/team ruby.rails_route\n\
         6 HttpRoute /old GET /old ruby.rails_route\n\
         7 HttpRoute Sidekiq::Web - /sidekiq ruby.rails_route\n\
         8 HttpRoute x#y GET - ruby.rails_route\n"
    );
    assert_eq!(entries(Ruby, "lib/map.rb", routes), "");
}

#[test]
fn rails_resources_are_one_route_for_each_action() {
    let all = "resources :posts\n";
    assert_eq!(
        entries(Ruby, "config/routes.rb", all),
        "1 HttpRoute posts#index GET /posts ruby.rails_route\n\
         1 HttpRoute posts#create POST /posts ruby.rails_route\n\
         1 HttpRoute posts#update PATCH,PUT /posts/:id ruby.rails_route\n\
         1 HttpRoute posts#destroy DELETE /posts/:id ruby.rails_route\n\
         1 HttpRoute posts#show GET /posts/:id ruby.rails_route\n\
         1 HttpRoute posts#edit GET /posts/:id/edit ruby.rails_route\n\
         1 HttpRoute posts#new GET /posts/new ruby.rails_route\n"
            .lines()
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .map(|line| line + "\n")
            .collect::<String>()
    );
    let nested = "namespace :api, defaults: { format: 'json' } do\n\
        resources :categories, only: [:show], param: :slug do\n\
        resources :posts, only: %i[index], controller: 'categories/posts'\n\
        member do\npost :close\nend\n\
        collection { get :search }\n\
        get :preview, on: :member\n\
        end\n\
        resource :profile, except: [:new, :edit, :create, :destroy]\n\
        end\n\
        scope '/admin', module: 'back' do\nget 'stats', to: 'stats#index'\nend\n\
        scope module: :web do\nget :about, to: 'pages#about'\nend\n\
        get '/me', action: :show, controller: '/web/people'\n\
        scope Shop.path do\nget 'x', to: 'x#y'\nend\n\
        resources :tags, only: ACTIONS\n";
    assert_eq!(
        entries(Ruby, "config/routes.rb", nested),
        "2 HttpRoute api/categories#show GET /api/categories/:slug ruby.rails_route\n\
         3 HttpRoute api/categories/posts#index GET /api/categories/:category_slug/posts ruby.rails_route\n\
         5 HttpRoute api/categories#close POST /api/categories/:slug/close ruby.rails_route\n\
         7 HttpRoute api/categories#search GET /api/categories/search ruby.rails_route\n\
         8 HttpRoute api/categories#preview GET /api/categories/:slug/preview ruby.rails_route\n\
         10 HttpRoute api/profiles#show GET /api/profile ruby.rails_route\n\
         10 HttpRoute api/profiles#update PATCH,PUT /api/profile ruby.rails_route\n\
         13 HttpRoute back/stats#index GET /admin/stats ruby.rails_route\n\
         16 HttpRoute web/pages#about GET /about ruby.rails_route\n\
         18 HttpRoute web/people#show GET /me ruby.rails_route\n\
         20 HttpRoute x#y GET - ruby.rails_route\n\
         22 HttpRoute tags - /tags ruby.rails_route\n"
    );
    let concern = "concern :closable do\npost :close\nend\n";
    assert_eq!(entries(Ruby, "config/routes.rb", concern), "");
}

#[test]
fn tasks_have_the_name_that_people_type() {
    let rakefile = "require 'thor'\ndesc 'builds'\ntask build: [:a, :b]\ntask 'a:b', [:c] => :d do\nend\n\
        namespace :db do\ndesc 'x'\ntask :migrate => :environment do\nend\nnamespace :test do\ntask(:load) { }\nend\nend\n\
        task :build do\nend\ntask \"release:#{x}\" do\nend\n";
    let expected = "3 CliCommand build - - ruby.rake_task\n4 CliCommand a:b - - ruby.rake_task\n\
        8 CliCommand db:migrate - - ruby.rake_task\n11 CliCommand db:test:load - - ruby.rake_task\n\
        16 CliCommand release:#{x} - - ruby.rake_task\n";
    assert_eq!(entries(Ruby, "Rakefile", rakefile), expected);
    assert_eq!(entries(Ruby, "lib/tasks/db.rake", rakefile), expected);
    assert_eq!(entries(Ruby, "lib/x.rb", rakefile), "");
    let thor = "require 'thor'\nclass App < Thor\ndesc 'install NAME', 'x'\ndef install(name); end\nend\n";
    assert_eq!(entries(Ruby, "lib/app.rb", thor), "3 CliCommand install - - ruby.thor_command\n");
}

#[test]
fn jobs_are_called_like_their_classes_and_found_once() {
    let worker = "class HardWorker\ninclude Sidekiq::Job\nsidekiq_options queue: 'x'\ndef perform; end\nend\n";
    assert_eq!(entries(Ruby, "app/workers/a.rb", worker), "2 Job HardWorker - - ruby.sidekiq_worker\n");
    let job = "class MailJob < ApplicationJob\nqueue_as :mail\ndef perform; end\nend\n";
    assert_eq!(entries(Ruby, "app/jobs/mail_job.rb", job), "2 Job MailJob - - ruby.active_job\n");
    let plain = "class PlainJob < ApplicationJob\ndef perform(x); end\nend\nclass ApplicationJob\nend\n";
    assert_eq!(entries(Ruby, "app/jobs/plain_job.rb", plain), "1 Job PlainJob - - ruby.active_job\n");
    assert_eq!(entries(Ruby, "lib/plain_job.rb", plain), "");
}
