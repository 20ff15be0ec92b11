//! What Spring Boot's starters bring along: a starter holds no code, and what it depends on is imported without being
//! declared (Spring Boot, "Starters"; the lists are those of its versions 2 to 4).

/// Every starter brings Spring's core, its container and logging; the plain one stands for them where it is declared.
const ANY: &[&str] = &[
    "",
    "web",
    "webmvc",
    "webflux",
    "data-jpa",
    "data-jdbc",
    "jdbc",
    "security",
    "batch",
    "amqp",
    "kafka",
    "thymeleaf",
    "validation",
    "actuator",
    "cache",
    "test",
];
const CACHE: &[&str] = &["cache"];
const DATA: &[&str] = &[
    "data-jpa",
    "data-jdbc",
    "data-mongodb",
    "data-redis",
    "data-elasticsearch",
    "data-r2dbc",
    "data-cassandra",
    "data-neo4j",
    "data-ldap",
    "data-rest",
];
const JDBC: &[&str] = &["jdbc", "data-jdbc", "data-jpa", "batch"];
const JPA: &[&str] = &["data-jpa"];
const JSON: &[&str] = &["json", "jackson", "web", "webmvc", "webflux", "jersey"];
const OAUTH: &[&str] = &[
    "oauth2-resource-server",
    "oauth2-client",
    "oauth2-authorization-server",
    "security-oauth2-resource-server",
    "security-oauth2-client",
    "security-oauth2-authorization-server",
];
const REACTIVE: &[&str] = &["webflux", "data-r2dbc", "data-redis-reactive", "data-mongodb-reactive", "rsocket"];
const SECURITY: &[&str] = &["security", "oauth2-resource-server", "oauth2-client"];
const SERVLET: &[&str] = &["web", "webmvc", "jersey", "tomcat", "jetty"];
const TEST: &[&str] = &["test", "webmvc-test", "webflux-test", "data-jpa-test", "restclient-test"];
const VALIDATION: &[&str] = &["validation"];
const WEB: &[&str] = &["web", "webmvc", "webflux", "hateoas", "data-rest", "graphql"];

/// Packages and the starters that bring them, the likelier first; a longer package goes before those around it.
const BROUGHT: &[(&str, &[&str])] = &[
    ("ch.qos.logback", ANY),
    ("com.fasterxml.jackson", JSON),
    ("com.jayway.jsonpath", TEST),
    ("com.zaxxer.hikari", JDBC),
    ("io.micrometer", &["actuator"]),
    ("jakarta.annotation", ANY),
    ("jakarta.persistence", JPA),
    ("jakarta.servlet", SERVLET),
    ("jakarta.transaction", JPA),
    ("jakarta.validation", VALIDATION),
    ("javax.persistence", JPA),
    ("javax.servlet", SERVLET),
    ("javax.validation", VALIDATION),
    ("org.apache.catalina", SERVLET),
    ("org.assertj", TEST),
    ("org.awaitility", TEST),
    ("org.hamcrest", TEST),
    ("org.hibernate", JPA),
    ("org.hibernate.validator", VALIDATION),
    ("org.junit.jupiter", TEST),
    ("org.mockito", TEST),
    ("org.quartz", &["quartz"]),
    ("org.skyscreamer.jsonassert", TEST),
    ("org.slf4j", ANY),
    ("org.springframework.amqp", &["amqp"]),
    ("org.springframework.aop", ANY),
    ("org.springframework.aot", ANY),
    ("org.springframework.batch", &["batch"]),
    ("org.springframework.beans", ANY),
    ("org.springframework.boot", ANY),
    ("org.springframework.boot.actuate", &["actuator"]),
    ("org.springframework.boot.test", TEST),
    ("org.springframework.cache", CACHE),
    ("org.springframework.context", ANY),
    ("org.springframework.core", ANY),
    ("org.springframework.dao", JDBC),
    ("org.springframework.data", DATA),
    ("org.springframework.data.cassandra", &["data-cassandra", "data-cassandra-reactive"]),
    ("org.springframework.data.elasticsearch", &["data-elasticsearch"]),
    ("org.springframework.data.jdbc", &["data-jdbc"]),
    ("org.springframework.data.jpa", JPA),
    ("org.springframework.data.ldap", &["data-ldap"]),
    ("org.springframework.data.mongodb", &["data-mongodb", "data-mongodb-reactive"]),
    ("org.springframework.data.neo4j", &["data-neo4j"]),
    ("org.springframework.data.r2dbc", &["data-r2dbc"]),
    ("org.springframework.data.redis", &["data-redis", "data-redis-reactive"]),
    ("org.springframework.data.rest", &["data-rest"]),
    ("org.springframework.expression", ANY),
    ("org.springframework.format", ANY),
    ("org.springframework.graphql", &["graphql"]),
    ("org.springframework.hateoas", &["hateoas", "data-rest"]),
    ("org.springframework.http", WEB),
    ("org.springframework.integration", &["integration"]),
    ("org.springframework.jdbc", JDBC),
    ("org.springframework.kafka", &["kafka"]),
    ("org.springframework.lang", ANY),
    ("org.springframework.ldap", &["data-ldap"]),
    ("org.springframework.mail", &["mail"]),
    ("org.springframework.messaging", &["websocket", "integration", "rsocket", "amqp", "kafka"]),
    ("org.springframework.mock", TEST),
    ("org.springframework.orm", JPA),
    ("org.springframework.scheduling", ANY),
    ("org.springframework.scheduling.quartz", &["quartz"]),
    ("org.springframework.security", SECURITY),
    ("org.springframework.security.oauth2", OAUTH),
    ("org.springframework.stereotype", ANY),
    ("org.springframework.test", TEST),
    ("org.springframework.transaction", JDBC),
    ("org.springframework.ui", ANY),
    ("org.springframework.util", ANY),
    ("org.springframework.validation", ANY),
    ("org.springframework.web", WEB),
    ("org.springframework.web.client", &["restclient", "web", "webmvc"]),
    ("org.springframework.web.reactive", &["webflux"]),
    ("org.springframework.web.servlet", SERVLET),
    ("org.springframework.web.socket", &["websocket"]),
    ("org.thymeleaf", &["thymeleaf"]),
    ("reactor.core", REACTIVE),
];

/// The coordinates of the starters that bring what an import names, the likelier first.
pub(super) fn bringing(import: &str) -> impl Iterator<Item = String> {
    let mut package = Some(import);
    let found = std::iter::from_fn(|| {
        let current = package?;
        package = current.rsplit_once('.').map(|(outer, _)| outer);
        Some(BROUGHT.binary_search_by_key(&current, |(prefix, _)| prefix).ok())
    });
    let entry = found.flatten().next().and_then(|at| BROUGHT.get(at));
    entry.map_or(&[][..], |(_, starters)| starters).iter().map(|name| {
        let dash = if name.is_empty() { "" } else { "-" };
        format!("org.springframework.boot:spring-boot-starter{dash}{name}")
    })
}

#[cfg(test)]
mod tests {
    use super::BROUGHT;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(BROUGHT.is_sorted_by_key(|(name, _)| name));
    }
}
