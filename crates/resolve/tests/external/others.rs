use crate::lines;

#[test]
fn composer_with_lock_file() {
    let manifest = r#"{"name": "own/app", "require": {"php": ">=8", "ext-json": "*", "Monolog/Monolog": "^3", "own/part": "*"},
        "require-dev": {"phpunit/phpunit": "^11"}, "replace": {"own/part": "self.version"}}"#;
    let lock = r#"{"packages": [{"name": "monolog/monolog", "version": "3.5.0"}, {"name": "psr/log", "version": "v3.0.0"}],
        "packages-dev": [{"name": "phpunit/phpunit", "version": "11.1.0"}, {"name": "sebastian/diff", "version": "6.0.0"}]}"#;
    assert_eq!(
        lines(&[("composer.json", manifest), ("composer.lock", lock)]),
        [
            "monolog/monolog ^3 = 3.5.0, Runtime, composer.json",
            "phpunit/phpunit ^11 = 11.1.0, Development, composer.json",
            "~psr/log - = 3.0.0, Runtime, composer.lock",
            "~sebastian/diff - = 6.0.0, Development, composer.lock",
        ]
    );
}

#[test]
fn gemfile_gemspec_and_lock_file() {
    let gemfile = "source 'https://example.com'\ngemspec\ngem 'rails', '~> 7.1', '>= 7.1.2'\ngem \"near\", path: '../near'\n\
        group :development, :test do\n  gem 'rspec', require: false\nend\ngem 'pg', group: :production\nif ENV['X']\n  gem 'rare'\nend\ngem 'last'\n";
    let gemspec = "Gem::Specification.new do |spec|\n  spec.name = 'own'\n  spec.add_dependency 'thor', '>= 1.0'\n  spec.add_development_dependency(\"rake\")\nend\n";
    let lock = "PATH\n  remote: .\n  specs:\n    own (1.0)\n\nGEM\n  remote: https://example.com/\n  specs:\n    rails (7.1.3)\n      rack (>= 2)\n\
        \x20   rack (3.0.0)\n    rspec (3.13.0)\n    thor (1.3.0)\n\nDEPENDENCIES\n  rails\n";
    assert_eq!(
        lines(&[("Gemfile", gemfile), ("own.gemspec", gemspec), ("Gemfile.lock", lock)]),
        [
            "last - = -, Runtime, Gemfile",
            "pg - = -, Optional, Gemfile",
            "~rack - = 3.0.0, Runtime, Gemfile.lock",
            "rails ~> 7.1, >= 7.1.2 = 7.1.3, Runtime, Gemfile",
            "rake - = -, Development, own.gemspec",
            "rare - = -, Runtime, Gemfile",
            "rspec - = 3.13.0, Development, Gemfile",
            "thor >= 1.0 = 1.3.0, Runtime, own.gemspec",
        ]
    );
}

#[test]
fn native_manifests() {
    assert_eq!(
        lines(&[
            (
                "CMakeLists.txt",
                "# find_package(No)\nFIND_PACKAGE(ZLIB 1.2 REQUIRED)\nfind_package(${Computed})\nfind_package(OpenSSL\n  REQUIRED)\n"
            ),
            (
                "conanfile.txt",
                "[requires]\nfmt/10.2.1@user/stable\n[tool_requires]\ncmake/3.28 # why\n[options]\nx/1=y\n"
            ),
            (
                "lib/conanfile.py",
                "class R(ConanFile):\n    requires = 'zlib/1.3', \"bzip2/1.0\"\n    def build_requirements(self):\n        self.test_requires(\"gtest/1.14\")\n"
            ),
            (
                "vcpkg.json",
                r#"{"name": "own", "dependencies": ["boost", {"name": "curl", "version>=": "8.0"}, {"name": "own", "features": ["x"]}], "features": {"x": {"dependencies": ["sqlite3"]}}}"#
            ),
        ]),
        [
            "OpenSSL - = -, Build, CMakeLists.txt",
            "ZLIB 1.2 = -, Build, CMakeLists.txt",
            "bzip2 1.0 = -, Runtime, lib/conanfile.py",
            "cmake 3.28 = -, Build, conanfile.txt",
            "fmt 10.2.1 = -, Runtime, conanfile.txt",
            "gtest 1.14 = -, Development, lib/conanfile.py",
            "zlib 1.3 = -, Runtime, lib/conanfile.py",
            "boost - = -, Runtime, vcpkg.json",
            "curl >=8.0 = -, Runtime, vcpkg.json",
            "sqlite3 - = -, Optional, vcpkg.json",
        ]
    );
}
