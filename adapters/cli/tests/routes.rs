//! Paths of routes as a client sees them, in repositories whose routers are mounted in other files than their routes.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;

/// The routes that Codexa finds: method, path and file, sorted.
fn routes(files: &[(&str, &str)]) -> Vec<String> {
    entry_points("http_route", files)
}

/// The entry points of a kind that Codexa finds: name and place, sorted.
fn entry_points(kind: &str, files: &[(&str, &str)]) -> Vec<String> {
    let rows = rows(files);
    let asked = rows.iter().filter(|row| row["kind"] == kind);
    let mut shown: Vec<String> = asked
        .map(|row| format!("{} {}:{}", row["name"].as_str().unwrap(), row["path"].as_str().unwrap(), row["line"]))
        .collect();
    shown.sort();
    shown
}

/// Everything that Codexa shows of a repository's entry points.
fn rows(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let repository = GitRepository::with_files(files);
    let run = codexa(repository.path(), &["discover"]);
    assert!(run.code <= 1, "{}", run.transcript());
    let answer = codexa(repository.path(), &["show", "entry-points", "--format", "json"]).with_code(0).json();
    answer["entry_points"].as_array().unwrap().clone()
}

#[test]
fn fastapi_routers_are_included_below_a_prefix_over_several_files() {
    let found = routes(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
        ("shop/__init__.py", ""),
        (
            "shop/main.py",
            "from fastapi import FastAPI\nfrom shop.api import router as api\nfrom shop import health\n\napp = FastAPI()\n\
             app.include_router(\n    api,\n    prefix=\"/api\",\n)\napp.include_router(health.router)\n",
        ),
        (
            "shop/health.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get(\"/health\")\ndef health(): ...\n",
        ),
        (
            "shop/api/__init__.py",
            "from fastapi import APIRouter\nfrom . import users, items\nrouter = APIRouter(prefix=\"/v1\")\n\
             router.include_router(users.router, prefix=\"/users\", tags=[\"users\"])\nrouter.include_router(items.router)\n",
        ),
        (
            "shop/api/users.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get(\"/{id}\")\ndef one(id): ...\n\n\
             @router.post(\"\")\ndef new(): ...\n",
        ),
        (
            "shop/api/items.py",
            "from fastapi import APIRouter\nrouter = APIRouter(prefix=\"/items\")\n\n@router.get(\"/\")\ndef all(): ...\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /api/v1/items/ shop/api/items.py:4",
            "GET /api/v1/users/{id} shop/api/users.py:4",
            "GET /health shop/health.py:4",
            "POST /api/v1/users shop/api/users.py:7",
        ]
    );
}

#[test]
fn flask_blueprints_take_the_prefix_that_they_are_registered_with() {
    let blueprint = |own: &str| {
        format!(
            "from flask import Blueprint\nbp = Blueprint(\"x\", __name__{own})\n\n@bp.route(\"/x\")\ndef x(): ...\n"
        )
    };
    let found = routes(&[
        (
            "app/__init__.py",
            "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    from . import kept, replaced, twice\n    from .passed import bp as renamed\n    \
             app.register_blueprint(kept.bp)\n    app.register_blueprint(replaced.bp, url_prefix=\"/new\")\n    \
             app.register_blueprint(twice.bp, url_prefix=\"/a\")\n    app.register_blueprint(twice.bp, name=\"b\", url_prefix=\"/b\")\n    \
             app.register_blueprint(renamed, url_prefix=\"/passed\")\n    return app\n",
        ),
        ("app/kept.py", &blueprint(", url_prefix=\"/kept\"")),
        ("app/replaced.py", &blueprint(", url_prefix=\"/old\"")),
        ("app/twice.py", &blueprint("")),
        ("app/passed/__init__.py", "from .views import bp\n"),
        ("app/passed/views.py", &blueprint("")),
        ("app/alone.py", &blueprint("")),
    ]);
    let paths: Vec<&str> = found.iter().map(|row| row.split(' ').next().unwrap()).collect();
    assert_eq!(paths, ["/a/x", "/b/x", "/kept/x", "/new/x", "/passed/x", "/x"], "{found:?}");
}

#[test]
fn django_includes_lead_to_the_urls_of_an_app() {
    let found = routes(&[
        ("manage.py", ""),
        (
            "site/urls.py",
            "from django.urls import include, path, re_path\n\nurlpatterns = [\n    path('polls/', include('polls.urls')),\n    re_path(r'^old/', include(('old.urls', 'old'))),\n    path('about/', about),\n]\n",
        ),
        (
            "polls/urls.py",
            "from django.urls import path\nfrom . import views\n\nurlpatterns = [\n    path('<int:id>/', views.one),\n    path('', views.all),\n]\n",
        ),
        ("old/urls.py", "from django.urls import re_path\n\nurlpatterns = [re_path('^x/$', x)]\n"),
    ]);
    assert_eq!(
        found,
        [
            "/old/x/$ old/urls.py:3",
            "/polls polls/urls.py:6",
            "/polls/<int:id>/ polls/urls.py:5",
            "about/ site/urls.py:6"
        ]
    );
}

#[test]
fn express_routers_are_used_below_a_path() {
    let found = routes(&[
        ("package.json", "{\"name\":\"shop\",\"dependencies\":{\"express\":\"4\"}}"),
        (
            "src/app.js",
            "const express = require('express')\nconst users = require('./routes/users')\nconst { admin } = require('./routes/admin')\n\
             const app = express()\napp.use(express.json())\napp.use('/users', auth, users)\napp.use('/items', require('./routes/items'))\n\
             app.use('/admin', admin)\napp.get('/health', (req, res) => res.send('ok'))\n",
        ),
        (
            "src/routes/users.js",
            "const router = require('express').Router()\nconst posts = require('./posts')\nrouter.get('/:id', f)\n\
             router.use('/:id/posts', posts)\nmodule.exports = router\n",
        ),
        (
            "src/routes/posts.js",
            "const express = require('express')\nconst router = express.Router({ mergeParams: true })\nrouter.post('/', f)\nmodule.exports = router\n",
        ),
        (
            "src/routes/items.js",
            "const express = require('express')\nconst router = express.Router()\nrouter.get('/', f)\nmodule.exports = router\n",
        ),
        (
            "src/routes/admin.js",
            "const express = require('express')\nconst admin = express.Router()\nconst open = express.Router()\nadmin.get('/x', f)\nopen.get('/y', f)\nmodule.exports = { admin, open }\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /admin/x src/routes/admin.js:4",
            "GET /health src/app.js:9",
            "GET /items/ src/routes/items.js:3",
            "GET /users/:id src/routes/users.js:3",
            "GET /y src/routes/admin.js:5",
            "POST /users/:id/posts/ src/routes/posts.js:3",
        ]
    );
}

#[test]
fn groups_and_scopes_stand_before_their_routes() {
    let found = routes(&[
        ("go.mod", "module example.com/shop\n"),
        (
            "gin.go",
            "package shop\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc Gin() {\n\tr := gin.Default()\n\tv1 := r.Group(\"/v1\")\n\tusers := v1.Group(\"/users\")\n\tusers.GET(\"/:id\", one)\n\tr.GET(\"/ping\", ping)\n}\n",
        ),
        (
            "chi.go",
            "package shop\n\nimport \"github.com/go-chi/chi/v5\"\n\nfunc Chi() {\n\tr := chi.NewRouter()\n\tr.Route(\"/articles\", func(r chi.Router) {\n\t\tr.Get(\"/\", list)\n\t\tr.Route(\"/{id}\", func(r chi.Router) {\n\t\t\tr.Put(\"/\", update)\n\t\t})\n\t})\n\tr.Mount(\"/admin\", adminRouter())\n}\n\nfunc adminRouter() chi.Router {\n\tr := chi.NewRouter()\n\tr.Get(\"/stats\", stats)\n\treturn r\n}\n",
        ),
        (
            "web/Program.cs",
            "var app = builder.Build();\nvar todos = app.MapGroup(\"/todos\").WithTags(\"x\");\ntodos.MapGet(\"/{id}\", One);\napp.MapGet(\"/\", Home);\n",
        ),
        (
            "routes/web.php",
            "<?php\nuse Illuminate\\Support\\Facades\\Route;\nRoute::prefix('admin')->group(function () {\n    Route::get('/users', 'f');\n});\nRoute::group(['prefix' => 'api', 'middleware' => 'x'], function () {\n    Route::post('items', 'g');\n});\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET / web/Program.cs:4",
            "GET /admin/stats chi.go:18",
            "GET /admin/users routes/web.php:4",
            "GET /articles/ chi.go:8",
            "GET /ping gin.go:10",
            "GET /todos/{id} web/Program.cs:3",
            "GET /v1/users/:id gin.go:9",
            "POST /api/items routes/web.php:7",
            "PUT /articles/{id}/ chi.go:10",
        ]
    );
}

#[test]
fn rust_routers_are_nested_and_mounted() {
    let found = routes(&[
        (
            "Cargo.toml",
            "[package]\nname = \"shop\"\n[dependencies]\naxum = \"0.8\"\nactix-web = \"4\"\nrocket = \"0.5\"\n",
        ),
        (
            "src/main.rs",
            "mod users;\nmod act;\nmod fire;\nuse axum::{Router, routing::get};\n\nfn main() {\n    let app = Router::new()\n        .route(\"/\", get(root))\n        .nest(\"/api\", api());\n}\n\nfn api() -> Router {\n    Router::new().nest(\"/users\", users::router())\n}\n",
        ),
        (
            "src/users.rs",
            "use axum::{Router, routing::get};\n\npub fn router() -> Router {\n    Router::new().route(\"/{id}\", get(one))\n}\n",
        ),
        (
            "src/act.rs",
            "use actix_web::{App, get, web};\n\n#[get(\"/{id}\")]\nasync fn item() {}\n\nfn config() {\n    App::new().service(web::scope(\"/items\").service(item));\n}\n",
        ),
        (
            "src/fire.rs",
            "use rocket::{get, routes};\n\n#[get(\"/hello\")]\nfn hello() {}\n\nfn launch() {\n    rocket::build().mount(\"/fire\", routes![hello]);\n}\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET / src/main.rs:8",
            "GET /api/users/{id} src/users.rs:4",
            "GET /fire/hello src/fire.rs:3",
            "GET /items/{id} src/act.rs:3",
        ]
    );
}

#[test]
fn routers_that_mount_each_other_end() {
    let found = routes(&[
        ("package.json", "{\"name\":\"x\"}"),
        (
            "a.js",
            "const express = require('express')\nconst b = require('./b')\nconst router = express.Router()\nrouter.use('/a', b)\nrouter.use('/again', router)\nrouter.get('/x', f)\nmodule.exports = router\n",
        ),
        (
            "b.js",
            "const express = require('express')\nconst a = require('./a')\nconst router = express.Router()\nrouter.use('/b', a)\nrouter.get('/y', f)\nmodule.exports = router\n",
        ),
    ]);
    assert!(!found.is_empty() && found.len() <= 32, "{found:?}");
}

#[test]
fn rust_routers_are_nested_through_variables_and_merged() {
    let found = routes(&[
        ("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\naxum = \"0.8\"\n"),
        (
            "src/main.rs",
            "mod users;\nuse axum::{Router, routing::{get, post}};\n\nfn main() {\n    let api = Router::new()\n        .route(\"/a\", get(a).post(b))\n        .route(\"/b\", get(a))\n        .route(\"/c\", get(a))\n        .route(\"/d\", get(a))\n        .route(\"/e\", get(a))\n        .merge(users::router());\n    let app = Router::new().nest(\"/api\", api).route(\"/\", get(a));\n}\n\nfn other() {\n    let api = Router::new().route(\"/other\", get(a));\n}\n",
        ),
        (
            "src/users.rs",
            "use axum::{Router, routing::post};\n\npub fn router() -> Router {\n    Router::new().route(\"/users\", post(new))\n}\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET / src/main.rs:12",
            "GET /api/b src/main.rs:7",
            "GET /api/c src/main.rs:8",
            "GET /api/d src/main.rs:9",
            "GET /api/e src/main.rs:10",
            "GET /other src/main.rs:16",
            "GET,POST /api/a src/main.rs:6",
            "POST /api/users src/users.rs:4",
        ]
    );
}

#[test]
fn express_routers_are_chained() {
    let found = routes(&[
        ("package.json", "{\"name\":\"shop\",\"dependencies\":{\"express\":\"4\"}}"),
        (
            "src/main.ts",
            "import express from 'express';\nimport routes from './routes';\nconst app = express();\napp.use(express.json()).use(routes);\n",
        ),
        (
            "src/routes.ts",
            "import { Router } from 'express';\nimport tags from './tags';\nimport users from './users';\n\nconst api = Router().use(tags).use('/people', users);\n\nexport default Router().use('/api', api);\n",
        ),
        (
            "src/tags.ts",
            "import { Router } from 'express';\nconst router = Router();\nrouter.get('/tags', f);\nexport default router;\n",
        ),
        (
            "src/users.ts",
            "import { Router } from 'express';\nconst router = Router();\nrouter.route('/:id').get(f).delete(g);\nexport default router;\n",
        ),
    ]);
    assert_eq!(
        found,
        ["DELETE /api/people/:id src/users.ts:3", "GET /api/people/:id src/users.ts:3", "GET /api/tags src/tags.ts:3",]
    );
}

#[test]
fn commands_are_called_with_the_groups_they_are_in() {
    let found = entry_points(
        "cli_command",
        &[
            ("pyproject.toml", "[project]\nname = \"tool\"\n"),
            ("tool/__init__.py", ""),
            (
                "tool/app.py",
                "import typer\nfrom tool import users\nfrom tool.items import app as items_app, register\n\napp = typer.Typer(name=\"tool\")\napp.add_typer(users.app, name=\"users\")\napp.add_typer(items_app)\n\n@app.command()\ndef check(): ...\n",
            ),
            (
                "tool/users.py",
                "import typer\napp = typer.Typer(name=\"unused\")\nroles = typer.Typer()\napp.add_typer(roles, name=\"roles\")\n\n@app.command(\"list\")\ndef list_(): ...\n\n@roles.command()\ndef add_one(): ...\n",
            ),
            ("tool/items.py", "import typer\napp = typer.Typer(name=\"items\")\n\n@app.command()\ndef list(): ...\n"),
            (
                "tool/clicked.py",
                "import click\nfrom tool.db import db\nfrom tool.one import one\n\n@click.group()\ndef cli(): ...\n\n@cli.group()\ndef cache(): ...\n\n@cache.command()\ndef clear(): ...\n\ncli.add_command(db)\ncli.add_command(one, \"single\")\n",
            ),
            (
                "tool/db.py",
                "import click\n\n@click.group(name=\"database\")\ndef db(): ...\n\n@db.command()\ndef drop(): ...\n",
            ),
            ("tool/one.py", "import click\n\n@click.command()\ndef one(): ...\n"),
        ],
    );
    assert_eq!(
        found,
        [
            "cache clear tool/clicked.py:11",
            "cache tool/clicked.py:8",
            "check tool/app.py:9",
            "cli tool/clicked.py:5",
            "database drop tool/db.py:6",
            "database tool/db.py:3",
            "items list tool/items.py:4",
            "single tool/one.py:3",
            "users list tool/users.py:6",
            "users roles add-one tool/users.py:9",
        ]
    );
}

#[test]
fn exported_functions_are_shown() {
    let found = entry_points(
        "exported_api",
        &[
            ("Cargo.toml", "[package]\nname = \"x\"\n"),
            ("src/lib.rs", "#[unsafe(no_mangle)]\npub extern \"C\" fn run() {}\n"),
            ("jni/a.c", "JNIEXPORT void JNICALL Java_a_B_c(JNIEnv *e, jobject o) { }\n"),
        ],
    );
    assert_eq!(found, ["Java_a_B_c jni/a.c:1", "run src/lib.rs:1", "x src/lib.rs:null"]);
}

#[test]
fn what_is_registered_on_another_files_router_is_below_it() {
    let files = [
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
        (
            "shop/__init__.py",
            "from flask import Flask\nfrom shop.auth import bp\n\n\ndef create_app():\n    app = Flask(__name__)\n    app.register_blueprint(bp)\n    return app\n",
        ),
        (
            "shop/auth/__init__.py",
            "from flask import Blueprint\nbp = Blueprint(\"auth\", __name__, url_prefix=\"/auth\")\nfrom shop.auth import routes\n",
        ),
        (
            "shop/auth/routes.py",
            "from flask import render_template\nfrom shop.auth import bp\n\n@bp.route(\"/login\")\ndef login(): ...\n",
        ),
        (
            "shop/cli/__init__.py",
            "import typer\napp = typer.Typer()\nusers = typer.Typer()\napp.add_typer(users, name=\"users\")\n",
        ),
        (
            "shop/cli/members.py",
            "import typer\nfrom shop.cli import users\n\n@users.command()\ndef add(name: str): ...\n",
        ),
    ];
    assert_eq!(routes(&files), ["/auth/login shop/auth/routes.py:4"]);
    assert_eq!(entry_points("cli_command", &files), ["users add shop/cli/members.py:4"]);
}

#[test]
fn a_go_program_beside_another_package_is_hardly_one() {
    let files = [
        ("go.mod", "module example.com/x\n"),
        ("pkg/pkg.go", "package pkg\n"),
        ("pkg/gen.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n"),
        ("cmd/x/main.go", "package main\n\nfunc main() {}\n"),
        ("cmd/x/main_test.go", "package main_test\n"),
    ];
    // A program's row is that of its main.
    assert_eq!(entry_points("main", &files), [""; 0]);
    assert_eq!(entry_points("program", &files), ["x cmd/x/main.go:3"]);
}

#[test]
fn fastify_plugins_are_registered_below_a_prefix() {
    let found = routes(&[
        ("package.json", "{\"name\":\"shop\",\"dependencies\":{\"fastify\":\"5\"}}"),
        (
            "src/app.js",
            "import Fastify from 'fastify'\nimport users from './users.js'\nconst server = Fastify()\nserver.register(users, { prefix: '/users' })\n\
             server.register(import('./items.js'), { prefix: '/items' })\nserver.register(async (scope) => {\n  scope.get('/z', f)\n}, { prefix: '/inline' })\n",
        ),
        (
            "src/users.js",
            "export default async function (fastify, options) {\n  fastify.get('/:id', f)\n  fastify.route({\n    method: ['GET', 'POST'],\n    url: '/both',\n    handler,\n  })\n}\n",
        ),
        ("src/items.js", "export default async function (fastify) {\n  fastify.get('/', f)\n}\n"),
    ]);
    assert_eq!(
        found,
        [
            "GET /inline/z src/app.js:7",
            "GET /items/ src/items.js:2",
            "GET /users/:id src/users.js:2",
            "GET,POST /users/both src/users.js:3",
        ]
    );
}

#[test]
fn a_computed_prefix_makes_routes_less_sure() {
    let rows = rows(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
        ("shop/__init__.py", ""),
        (
            "shop/main.py",
            "from fastapi import FastAPI\nfrom shop import items, users\nfrom shop.settings import API\n\napp = FastAPI()\n\
             app.include_router(items.router, prefix=API)\napp.include_router(users.router, prefix=\"/users\")\n",
        ),
        ("shop/settings.py", "API = \"/api\"\n"),
        (
            "shop/items.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get(\"/items\")\ndef all(): ...\n",
        ),
        (
            "shop/users.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get(\"/all\")\ndef all(): ...\n",
        ),
    ]);
    let shown: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row["name"].as_str().unwrap(), row["confidence"])).collect();
    assert_eq!(shown, ["shop 60", "GET /items 60", "GET /users/all 95"]);
}
