//! Import names that differ from the name of the package. Only names that one package (or one family of builds of it)
//! is known for; the declared one of a family is taken.

/// The packages that an import is known to come from, the likelier first.
pub(super) fn packages(ecosystem: &str, import: &str) -> Option<&'static [&'static str]> {
    let table = match ecosystem {
        "python" => PYTHON,
        "rubygems" => RUBY,
        "conan" => C,
        _ => return None,
    };
    table
        .binary_search_by_key(&import, |(name, _)| name)
        .ok()
        .and_then(|at| table.get(at))
        .map(|(_, packages)| *packages)
}

/// The artifacts that a Java package is known to come from, the likelier first: those of the longest entry that it
/// equals or lies below.
pub(super) fn artifacts(import: &str) -> &'static [&'static str] {
    let mut package = import;
    loop {
        let found = JAVA.binary_search_by_key(&package, |(prefix, _)| prefix).ok().and_then(|at| JAVA.get(at));
        match (found, package.rsplit_once('.')) {
            (Some((_, artifacts)), _) => return artifacts,
            (None, Some((outer, _))) => package = outer,
            (None, None) => return &[],
        }
    }
}

/// Whether a group is an organisation's, under which unrelated projects publish: that it is a prefix of an import says
/// nothing then.
pub(super) fn is_shared(group: &str) -> bool {
    SHARED.contains(&group)
}

const SHARED: &[&str] = &[
    "com.github",
    "com.google",
    "com.squareup",
    "io.github",
    "org.apache",
    "org.apache.commons",
    "org.codehaus",
    "org.eclipse",
    "org.jetbrains",
];

const PYTHON: &[(&str, &[&str])] = &[
    ("Bio", &["biopython"]),
    ("Crypto", &["pycryptodome", "pycrypto"]),
    ("Levenshtein", &["levenshtein", "python-levenshtein"]),
    ("MySQLdb", &["mysqlclient"]),
    ("OpenGL", &["pyopengl"]),
    ("OpenSSL", &["pyopenssl"]),
    ("PIL", &["pillow", "pillow-simd"]),
    ("_pytest", &["pytest"]),
    ("attr", &["attrs"]),
    ("bs4", &["beautifulsoup4"]),
    ("cv2", &["opencv-python", "opencv-python-headless", "opencv-contrib-python"]),
    ("dateutil", &["python-dateutil"]),
    ("discord", &["discord-py"]),
    ("dns", &["dnspython"]),
    ("docx", &["python-docx"]),
    ("dotenv", &["python-dotenv"]),
    ("fitz", &["pymupdf"]),
    ("git", &["gitpython"]),
    ("github", &["pygithub"]),
    ("jose", &["python-jose"]),
    ("jwt", &["pyjwt"]),
    ("ldap", &["python-ldap"]),
    ("magic", &["python-magic"]),
    ("markdown_it", &["markdown-it-py"]),
    ("mpl_toolkits", &["matplotlib"]),
    ("multipart", &["python-multipart"]),
    ("nacl", &["pynacl"]),
    ("pkg_resources", &["setuptools"]),
    ("pptx", &["python-pptx"]),
    ("psycopg", &["psycopg", "psycopg-binary"]),
    ("psycopg2", &["psycopg2", "psycopg2-binary"]),
    ("pylab", &["matplotlib"]),
    ("rest_framework", &["djangorestframework"]),
    ("ruamel", &["ruamel-yaml"]),
    ("serial", &["pyserial"]),
    ("skimage", &["scikit-image"]),
    ("sklearn", &["scikit-learn"]),
    ("slugify", &["python-slugify"]),
    ("socks", &["pysocks"]),
    ("telegram", &["python-telegram-bot"]),
    ("usb", &["pyusb"]),
    ("websocket", &["websocket-client"]),
    ("win32api", &["pywin32"]),
    ("yaml", &["pyyaml"]),
    ("zmq", &["pyzmq"]),
];

const RUBY: &[(&str, &[&str])] = &[
    ("action_controller", &["actionpack"]),
    ("active_job", &["activejob"]),
    ("active_model", &["activemodel"]),
    ("active_record", &["activerecord"]),
    ("active_support", &["activesupport"]),
    ("minitest/autorun", &["minitest"]),
    ("rspec/core", &["rspec", "rspec-core"]),
    ("sinatra/base", &["sinatra"]),
];

const C: &[(&str, &[&str])] = &[
    ("curl", &["libcurl", "curl"]),
    ("gtest", &["gtest", "googletest"]),
    ("jpeglib.h", &["libjpeg", "libjpeg-turbo", "jpeg"]),
    ("lzma.h", &["xz_utils", "liblzma"]),
    ("nlohmann", &["nlohmann_json", "nlohmann-json"]),
    ("openssl", &["openssl"]),
    ("png.h", &["libpng", "png"]),
    ("sqlite3.h", &["sqlite3"]),
    ("yaml-cpp", &["yaml-cpp"]),
    ("zlib.h", &["zlib"]),
];

/// An entry without artifacts keeps a package from the entry above it.
const JAVA: &[(&str, &[&str])] = &[
    ("com.fasterxml.jackson.annotation", &["com.fasterxml.jackson.core:jackson-annotations"]),
    ("com.fasterxml.jackson.core", &["com.fasterxml.jackson.core:jackson-core"]),
    ("com.fasterxml.jackson.databind", &["com.fasterxml.jackson.core:jackson-databind"]),
    ("com.github.benmanes.caffeine", &["com.github.ben-manes.caffeine:caffeine"]),
    ("com.google.common", &["com.google.guava:guava"]),
    ("com.google.gson", &["com.google.code.gson:gson"]),
    ("com.google.inject", &["com.google.inject:guice"]),
    ("com.google.protobuf", &["com.google.protobuf:protobuf-java", "com.google.protobuf:protobuf-javalite"]),
    ("com.mysql.cj", &["com.mysql:mysql-connector-j", "mysql:mysql-connector-java"]),
    (
        "io.swagger.v3.oas.annotations",
        &["io.swagger.core.v3:swagger-annotations", "io.swagger.core.v3:swagger-annotations-jakarta"],
    ),
    ("jakarta.persistence", &["jakarta.persistence:jakarta.persistence-api"]),
    ("jakarta.servlet", &["jakarta.servlet:jakarta.servlet-api"]),
    ("jakarta.validation", &["jakarta.validation:jakarta.validation-api"]),
    ("javax.persistence", &["javax.persistence:javax.persistence-api", "javax.persistence:persistence-api"]),
    ("javax.servlet", &["javax.servlet:javax.servlet-api", "javax.servlet:servlet-api"]),
    ("joptsimple", &["net.sf.jopt-simple:jopt-simple"]),
    ("lombok", &["org.projectlombok:lombok"]),
    ("net.jpountz", &["org.lz4:lz4-java", "net.jpountz.lz4:lz4"]),
    ("okhttp3", &["com.squareup.okhttp3:okhttp"]),
    ("okio", &["com.squareup.okio:okio"]),
    ("org.apache.commons.cli", &["commons-cli:commons-cli"]),
    ("org.apache.commons.codec", &["commons-codec:commons-codec"]),
    ("org.apache.commons.collections", &["commons-collections:commons-collections"]),
    ("org.apache.commons.collections4", &["org.apache.commons:commons-collections4"]),
    ("org.apache.commons.io", &["commons-io:commons-io"]),
    ("org.apache.commons.lang", &["commons-lang:commons-lang"]),
    ("org.apache.commons.lang3", &["org.apache.commons:commons-lang3"]),
    ("org.apache.commons.logging", &["commons-logging:commons-logging"]),
    ("org.apache.commons.validator", &["commons-validator:commons-validator"]),
    ("org.apache.http", &["org.apache.httpcomponents:httpclient", "org.apache.httpcomponents:httpcore"]),
    ("org.apache.log4j", &["log4j:log4j", "ch.qos.reload4j:reload4j"]),
    ("org.apache.logging.log4j", &["org.apache.logging.log4j:log4j-api", "org.apache.logging.log4j:log4j-core"]),
    ("org.apache.logging.log4j.core", &["org.apache.logging.log4j:log4j-core"]),
    (
        "org.hamcrest",
        &[
            "org.hamcrest:hamcrest",
            "org.hamcrest:hamcrest-all",
            "org.hamcrest:hamcrest-library",
            "org.hamcrest:hamcrest-core",
        ],
    ),
    ("org.jfree", &["org.jfree:jfreechart", "jfree:jfreechart", "jfreechart:jfreechart"]),
    ("org.joda.time", &["joda-time:joda-time"]),
    ("org.jose4j", &["org.bitbucket.b_c:jose4j"]),
    ("org.json", &["org.json:json"]),
    ("org.junit", &["junit:junit"]),
    ("org.junit.jupiter", &["org.junit.jupiter:junit-jupiter", "org.junit.jupiter:junit-jupiter-api"]),
    ("org.junit.jupiter.api", &["org.junit.jupiter:junit-jupiter-api", "org.junit.jupiter:junit-jupiter"]),
    ("org.junit.jupiter.params", &["org.junit.jupiter:junit-jupiter-params", "org.junit.jupiter:junit-jupiter"]),
    ("org.junit.platform", &[]),
    ("org.mockito", &["org.mockito:mockito-core", "org.mockito:mockito-all", "org.mockito:mockito-inline"]),
    ("org.mockito.junit.jupiter", &["org.mockito:mockito-junit-jupiter"]),
    ("org.openjdk.jmh", &["org.openjdk.jmh:jmh-core"]),
    ("org.slf4j", &["org.slf4j:slf4j-api"]),
    ("org.yaml.snakeyaml", &["org.yaml:snakeyaml"]),
    ("redis.clients.jedis", &["redis.clients:jedis"]),
    ("rx", &["io.reactivex:rxjava"]),
    ("scala", &["org.scala-lang:scala-library"]),
];

#[cfg(test)]
mod tests {
    use super::{C, JAVA, PYTHON, RUBY};

    #[test]
    fn tables_are_sorted_so_that_they_can_be_searched() {
        for table in [PYTHON, RUBY, C, JAVA] {
            assert!(table.is_sorted_by_key(|(name, _)| name));
        }
    }
}
