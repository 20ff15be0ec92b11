//! Routes as frameworks write them: several paths, several methods, and what stands around them.

use super::{behaviour, entries};
use codexa_model::Language;

#[test]
fn routes_of_java_have_every_path_and_the_root_where_they_name_none() {
    let spring = "import org.springframework.web.bind.annotation.*;\nclass A {\n@GetMapping({ \"/vets\", \"/all\" })\nvoid list() {}\n\
        @PutMapping\nvoid put() {}\n@PostMapping(consumes = \"x\")\nvoid post() {}\n@DeleteMapping(Paths.ONE)\nvoid delete() {}\n\
        @PatchMapping(value = \"/a\" + B)\nvoid patch() {}\n}\n";
    assert_eq!(
        entries(Language::Java, "A.java", spring),
        "3 HttpRoute list GET /all java.spring_mapping\n3 HttpRoute list GET /vets java.spring_mapping\n\
         5 HttpRoute put PUT / java.spring_mapping\n7 HttpRoute post POST / java.spring_mapping\n\
         9 HttpRoute delete DELETE - java.spring_mapping\n11 HttpRoute patch PATCH - java.spring_mapping\n"
    );
    let classes = "import org.springframework.web.bind.annotation.*;\n@RequestMapping({\"/a\", \"/b\"})\nclass A {\n@PutMapping\nvoid put() {}\n}\n\
        @RequestMapping(BASE)\nclass B {\n@GetMapping(\"/x\")\nvoid get() {}\n}\n";
    assert_eq!(
        entries(Language::Java, "A.java", classes),
        "4 HttpRoute put PUT /a java.spring_mapping\n4 HttpRoute put PUT /b java.spring_mapping\n\
         9 HttpRoute get GET /x java.spring_mapping\n"
    );
    let found = behaviour(Language::Java, "A.java", classes);
    assert_eq!(found.entry_points.iter().map(|entry| entry.confidence).collect::<Vec<_>>(), [95, 95, 60]);
}

#[test]
fn routes_of_csharp_stand_below_their_groups() {
    let groups = "var api = vApi.MapGroup(\"api/items\").HasApiVersion(1, 0).HasApiVersion(2, 0);\n\
        api.MapGet(\"/x\", F);\napi.MapGroup(\"/deep\").MapPost(\"/y\", F);\n\
        var two = api.MapGroup(\"/v2\").MapGroup(\"/z\");\ntwo.MapMethods(\"/m\", new[] { \"GET\", \"PUT\" }, F);\n";
    assert_eq!(
        entries(Language::CSharp, "A.cs", groups),
        "2 HttpRoute /x GET /api/items/x csharp.minimal_api\n3 HttpRoute /y POST /api/items/deep/y csharp.minimal_api\n\
         5 HttpRoute /m GET,PUT /api/items/v2/z/m csharp.minimal_api\n"
    );
    let controller = "[Route(\"api/[controller]\")]\nclass UsersController {\n[HttpGet]\nvoid All() {}\n\
        [AcceptVerbs(\"GET\", \"POST\", Route = \"both\")]\nvoid Both() {}\n[HttpPut(Name = \"x\")]\nvoid Put() {}\n}\n\
        class Plain {\n[HttpGet]\nvoid Index() {}\n}\n";
    assert_eq!(
        entries(Language::CSharp, "A.cs", controller),
        "3 HttpRoute All GET /api/Users csharp.attribute_route\n5 HttpRoute Both GET,POST /api/Users/both csharp.attribute_route\n\
         7 HttpRoute Put PUT /api/Users csharp.attribute_route\n11 HttpRoute Index GET - csharp.attribute_route\n"
    );
}

#[test]
fn routes_of_javascript_may_be_chained_or_described() {
    let express = "import express from 'express'\napp.route('/x')\n  .get(f)\n  .post(g)\napp.route(path).get(f)\n\
        const one = Router().get('/y', f)\n";
    assert_eq!(
        entries(Language::JavaScript, "a.js", express),
        "3 HttpRoute /x GET /x javascript.router_chain\n4 HttpRoute /x POST /x javascript.router_chain\n\
         6 HttpRoute /y GET /y javascript.router_verb\n"
    );
    let fastify = "import Fastify from 'fastify'\nserver.route({ method: ['GET', 'HEAD'], url: '/x', handler: () => db.delete() })\n";
    assert_eq!(entries(Language::JavaScript, "a.js", fastify), "2 HttpRoute /x GET,HEAD /x javascript.fastify_route\n");
    let nest = "import { Controller, Get, Post } from '@nestjs/common'\n@Controller()\nclass A {\n@Post(['a', 'b'])\nf() {}\n@Get()\ng() {}\n}\n";
    assert_eq!(
        entries(Language::TypeScript, "a.ts", nest),
        "4 HttpRoute f POST a javascript.nest_route\n4 HttpRoute f POST b javascript.nest_route\n\
         6 HttpRoute g GET / javascript.nest_route\n"
    );
}

#[test]
fn routes_of_laravel_and_slim() {
    let laravel = "<?php\nuse Illuminate\\Support\\Facades\\Route;\n\
        Route::resource('photos.comments', CommentController::class)->only(['index', 'show']);\n\
        Route::apiResource('categories', 'CategoryController')->except('destroy', 'update');\n\
        Route::match(['get', 'post'], '/both', f);\n\
        Route::middleware('auth')->get('/me', f);\n\
        Route::view('/welcome', 'welcome');\nRoute::getRoutes()->get('GET');\n\
        Route::prefix('admin')->name('admin.')->group(function () {\n\
        Route::prefix('users')->group(function () {\nRoute::get('/{id}', f);\n});\n\
        Route::resource('tags', TagController::class, ['only' => ['store']]);\n});\n";
    assert_eq!(
        entries(Language::Php, "routes/web.php", laravel),
        "3 HttpRoute CommentController@index GET /photos/{photo}/comments php.laravel_resource\n\
         3 HttpRoute CommentController@show GET /photos/{photo}/comments/{comment} php.laravel_resource\n\
         4 HttpRoute categories.index GET /categories php.laravel_resource\n\
         4 HttpRoute categories.show GET /categories/{category} php.laravel_resource\n\
         4 HttpRoute categories.store POST /categories php.laravel_resource\n\
         5 HttpRoute /both GET,POST /both php.laravel_route\n\
         6 HttpRoute /me GET /me php.laravel_route\n\
         7 HttpRoute /welcome GET /welcome php.laravel_route\n\
         11 HttpRoute /{id} GET /admin/users/{id} php.laravel_route\n\
         13 HttpRoute TagController@store POST /admin/tags php.laravel_resource\n"
    );
    let slim = "<?php\nuse Slim\\Factory\\AppFactory;\n$app->group('/users', function ($group) {\n$group->get('', f);\n\
        $group->map(['GET', 'DELETE'], '/{id}', f);\n});\n";
    assert_eq!(
        entries(Language::Php, "src/a.php", slim),
        "4 HttpRoute / GET /users php.slim_route\n5 HttpRoute /{id} GET,DELETE /users/{id} php.slim_route\n"
    );
}

#[test]
fn routes_of_rust_have_the_methods_of_their_handlers() {
    let axum = "use axum::{Router, routing::{get, post}};\nfn f() {\nRouter::new()\n.route(\"/a\", get(one).post(two))\n\
        .route(\"/b\", axum::routing::put(|| async { get(x) }))\n.route(\"/c\", any(h))\n.route(\"/d\", handlers());\n}\n";
    assert_eq!(
        entries(Language::Rust, "src/a.rs", axum),
        "4 HttpRoute /a GET,POST /a rust.axum_route\n5 HttpRoute /b PUT /b rust.axum_route\n\
         6 HttpRoute /c - /c rust.axum_route\n7 HttpRoute /d - /d rust.axum_route\n"
    );
}

#[test]
fn routes_of_prometheus_router_stand_below_its_prefix() {
    let router = "package web\nimport \"github.com/prometheus/common/route\"\nfunc f() {\nrouter := route.New()\n\
        router = router.WithPrefix(\"/api\")\nrouter.Get(\"/alerts\", f)\nrouter.Del(\"/x\", f)\n}\n";
    assert_eq!(
        entries(Language::Go, "a.go", router),
        "6 HttpRoute /alerts GET /api/alerts go.title_case_router\n7 HttpRoute /x DELETE /api/x go.title_case_router\n"
    );
}

#[test]
fn routes_below_a_computed_path_are_less_sure() {
    let confidences = |language, source: &str| {
        let found = behaviour(language, "routes/a.php", source).entry_points;
        found.iter().map(|entry| entry.confidence).collect::<Vec<_>>()
    };
    let router = |prefix: &str| {
        format!("from fastapi import APIRouter\nrouter = APIRouter({prefix})\n@router.get('/x')\ndef x(): pass\n")
    };
    assert_eq!(confidences(Language::Python, &router("prefix=settings.API")), [60]);
    assert_eq!(confidences(Language::Python, &router("prefix='/api'")), [95]);
    assert_eq!(confidences(Language::Python, &router("prefix=''")), [95]);
    assert_eq!(confidences(Language::Python, &router("")), [95]);
    let group = |chain: &str| {
        format!(
            "<?php\nuse Illuminate\\Support\\Facades\\Route;\n{chain}->group(function () {{\nRoute::get('/x', f);\n}});\n"
        )
    };
    assert_eq!(confidences(Language::Php, &group("Route::prefix($admin)")), [60]);
    assert_eq!(confidences(Language::Php, &group("Route::prefix('admin')")), [95]);
    assert_eq!(confidences(Language::Php, &group("Route::middleware('auth')")), [95]);
}
