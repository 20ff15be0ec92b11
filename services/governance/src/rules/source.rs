//! Where rules are read from: the protected branch, or the files on disk while nothing is committed.

use super::{Head, Origin, RulesError};
use codexa_config::yaml;
use codexa_project::{ObjectId, Project, ReadError, Reader};
use serde::de::DeserializeOwned;

/// Branches that are protected where nobody names one: the first that is there.
const PROTECTED: [&str; 2] = ["main", "master"];

/// Longest file of rules.
const MAX_BYTES: u64 = 256 << 10;

/// A place with files of rules.
pub(crate) struct Source {
    reader: Reader,
    branch: Option<(String, ObjectId)>,
}

impl Source {
    /// Finds the branch that is named; where none is, the first of those that are protected everywhere.
    pub fn find(project: &Project, named: Option<&str>) -> Result<Self, RulesError> {
        for branch in named.into_iter().chain(PROTECTED.into_iter().filter(|_| named.is_none())) {
            if let Some((commit, reader)) = project.reader_of_branch(branch)? {
                return Ok(Self { reader, branch: Some((branch.to_owned(), commit)) });
            }
        }
        let invalid = |why: String| RulesError::Invalid { path: ".codexa/rules", why };
        if let Some(branch) = named {
            let why = format!("the protected branch `{branch}` is not there; `codexa rules branch NAME` names another");
            return Err(invalid(why));
        }
        if project.head()?.is_some_and(|head| head.commit.is_some()) {
            let why = "neither `main` nor `master` is there: name `governance.protected_branch` in .codexa/config.yaml";
            return Err(invalid(why.to_owned()));
        }
        Ok(Self { reader: project.reader()?, branch: None })
    }

    /// What is there to read, by which it is remembered.
    pub fn origin(&self) -> Origin {
        match &self.branch {
            Some((branch, commit)) => Origin::Branch(Head { branch: branch.clone(), commit: commit.to_string() }),
            None => Origin::Disk,
        }
    }

    /// A file of rules; `None` where there is none.
    pub fn read<T: DeserializeOwned>(&self, path: &'static str) -> Result<Option<T>, RulesError> {
        let bytes = match self.reader.read(path, MAX_BYTES) {
            Ok(content) => content.bytes,
            Err(ReadError::Missing) => return Ok(None),
            Err(source) => return Err(RulesError::Read { path, source }),
        };
        let invalid = |why: String| RulesError::Invalid { path, why };
        let text = String::from_utf8(bytes).map_err(|_| invalid("not UTF-8".to_owned()))?;
        let node = yaml::parse(&text, yaml::Budget::SETTINGS).map_err(|error| invalid(error.to_string()))?;
        if node.is_null() {
            return Ok(None);
        }
        serde_json::from_value(node.to_json()).map(Some).map_err(|error| invalid(error.to_string()))
    }
}
