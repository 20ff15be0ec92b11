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

/// The artifact for a Java package outside its own group's name.
pub(super) fn java(import: &str) -> Option<&'static str> {
    let below = |prefix: &str| import.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    JAVA.iter().find(|(prefix, _)| below(prefix)).map(|(_, artifact)| *artifact)
}

const PYTHON: &[(&str, &[&str])] = &[
    ("Crypto", &["pycryptodome", "pycrypto"]),
    ("MySQLdb", &["mysqlclient"]),
    ("OpenSSL", &["pyopenssl"]),
    ("PIL", &["pillow", "pillow-simd"]),
    ("attr", &["attrs"]),
    ("bs4", &["beautifulsoup4"]),
    ("cv2", &["opencv-python", "opencv-python-headless", "opencv-contrib-python"]),
    ("dateutil", &["python-dateutil"]),
    ("discord", &["discord-py"]),
    ("docx", &["python-docx"]),
    ("dotenv", &["python-dotenv"]),
    ("fitz", &["pymupdf"]),
    ("git", &["gitpython"]),
    ("github", &["pygithub"]),
    ("jose", &["python-jose"]),
    ("jwt", &["pyjwt"]),
    ("magic", &["python-magic"]),
    ("markdown_it", &["markdown-it-py"]),
    ("multipart", &["python-multipart"]),
    ("nacl", &["pynacl"]),
    ("pkg_resources", &["setuptools"]),
    ("pptx", &["python-pptx"]),
    ("psycopg2", &["psycopg2", "psycopg2-binary"]),
    ("rest_framework", &["djangorestframework"]),
    ("ruamel", &["ruamel-yaml"]),
    ("serial", &["pyserial"]),
    ("skimage", &["scikit-image"]),
    ("sklearn", &["scikit-learn"]),
    ("slugify", &["python-slugify"]),
    ("socks", &["pysocks"]),
    ("telegram", &["python-telegram-bot"]),
    ("usb", &["pyusb"]),
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

const JAVA: &[(&str, &str)] = &[
    ("com.fasterxml.jackson.annotation", "com.fasterxml.jackson.core:jackson-annotations"),
    ("com.fasterxml.jackson.databind", "com.fasterxml.jackson.core:jackson-databind"),
    ("com.google.common", "com.google.guava:guava"),
    ("com.google.gson", "com.google.code.gson:gson"),
    ("com.google.inject", "com.google.inject:guice"),
    ("javax.servlet", "javax.servlet:javax.servlet-api"),
    ("org.apache.commons.io", "commons-io:commons-io"),
    ("org.apache.commons.lang3", "org.apache.commons:commons-lang3"),
    ("org.apache.log4j", "log4j:log4j"),
    ("org.junit.jupiter.api", "org.junit.jupiter:junit-jupiter-api"),
    ("org.junit.jupiter.params", "org.junit.jupiter:junit-jupiter-params"),
    ("org.mockito", "org.mockito:mockito-core"),
    ("org.slf4j", "org.slf4j:slf4j-api"),
    ("redis.clients.jedis", "redis.clients:jedis"),
];

#[cfg(test)]
mod tests {
    use super::{C, PYTHON, RUBY};

    #[test]
    fn tables_are_sorted_so_that_they_can_be_searched() {
        for table in [PYTHON, RUBY, C] {
            assert!(table.is_sorted_by_key(|(name, _)| name));
        }
    }
}
