//! The engines, each as a place that a store can be opened on again and again, and whose rows a test can touch.

use codexa_governance::store::{self, Store, StoreError};
use codexa_testkit::postgres::{Postgres, Version};
use sqlx::{AssertSqlSafe, Connection as _};
use std::path::PathBuf;
use std::sync::Arc;

/// The project's id in every test.
pub const PROJECT: &str = "0b3c7a52-0000-4000-8000-000000000001";

/// Where decisions are kept.
pub enum Engine {
    Sqlite { folder: tempfile::TempDir },
    Postgres { server: Postgres, url: String },
}

impl Engine {
    pub fn sqlite() -> Self {
        Self::Sqlite { folder: tempfile::tempdir().unwrap() }
    }

    pub fn postgres(version: Version) -> Self {
        Self::on(Postgres::start(version))
    }

    /// One that a test breaks off.
    pub fn durable(version: Version) -> Self {
        Self::on(Postgres::start_durable(version))
    }

    fn on(mut server: Postgres) -> Self {
        let url = server.database();
        Self::Postgres { server, url }
    }

    /// The file of SQLite.
    pub fn file(&self) -> PathBuf {
        match self {
            Self::Sqlite { folder } => folder.path().join("decisions.db"),
            Self::Postgres { .. } => panic!("PostgreSQL has no file"),
        }
    }

    /// The server of PostgreSQL.
    pub fn server(&mut self) -> &mut Postgres {
        match self {
            Self::Sqlite { .. } => panic!("SQLite has no server"),
            Self::Postgres { server, .. } => server,
        }
    }

    pub async fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        match self {
            Self::Sqlite { .. } => store::open_sqlite(&self.file(), PROJECT).await,
            Self::Postgres { url, .. } => store::open_postgres(url, PROJECT).await,
        }
    }

    /// Does something to the rows behind the store's back.
    pub async fn sql(&self, statements: &str) {
        let statements = AssertSqlSafe(statements.to_owned());
        match self {
            Self::Sqlite { .. } => {
                let mut connection = self.connect_sqlite().await;
                sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Self::Postgres { url, .. } => {
                let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// What a query gives, one column of text.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        match self {
            Self::Sqlite { .. } => {
                let mut connection = self.connect_sqlite().await;
                sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres { url, .. } => {
                let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> usize {
        self.texts(&format!("SELECT CAST(project AS TEXT) FROM {table}")).await.len()
    }

    /// Refuses each new ledger entry; PostgreSQL does it with this code.
    pub async fn refuse_entries(&self, sqlstate: &str) {
        let refuse = match self {
            Self::Sqlite { .. } => {
                "CREATE TRIGGER refuse BEFORE INSERT ON leaves BEGIN SELECT RAISE(ABORT, 'not now'); END".to_owned()
            }
            Self::Postgres { .. } => format!(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE 'not now' USING ERRCODE = '{sqlstate}'; END $$;
                 DROP TRIGGER IF EXISTS refuse ON leaves;
                 CREATE TRIGGER refuse BEFORE INSERT ON leaves FOR EACH ROW EXECUTE PROCEDURE refuse()"
            ),
        };
        self.sql(&refuse).await;
    }

    /// Takes new ledger entries again.
    pub async fn take_entries(&self) {
        self.sql(match self {
            Self::Sqlite { .. } => "DROP TRIGGER refuse",
            Self::Postgres { .. } => "DROP TRIGGER refuse ON leaves",
        })
        .await;
    }

    async fn connect_sqlite(&self) -> sqlx::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.file());
        sqlx::SqliteConnection::connect_with(&options).await.unwrap()
    }
}
