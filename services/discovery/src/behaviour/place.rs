//! What a rule looks at.

use codexa_model::Language;
use codexa_model::facts::{Annotation, Call, Registration, SymbolIndex};

/// A call or an annotation.
pub(super) struct Place<'a> {
    pub(super) name: &'a str,
    pub(super) receiver: Option<&'a str>,
    pub(super) literal: Option<&'a str>,
    pub(super) arguments: Option<&'a str>,
    pub(super) is_annotation: bool,
    /// Whether the annotation stands on a class or the like.
    pub(super) is_on_type: bool,
    /// What its value is called, or that of the chain of calls that it is part of.
    pub(super) assigned: Option<&'a str>,
    /// The symbol that the call stands in, or that is annotated.
    pub(super) symbol: Option<SymbolIndex>,
    pub(super) line: u32,
}

impl<'a> Place<'a> {
    pub(super) fn of_call(call: &'a Call) -> Self {
        // A name of PHP's outermost namespace may be written with it: `new \PDO(…)`.
        let whole = call.name.strip_prefix('\\').filter(|name| !name.contains('\\'));
        Self {
            name: whole.unwrap_or(&call.name),
            receiver: call.receiver.as_deref(),
            literal: call.literal.as_deref(),
            arguments: None,
            is_annotation: false,
            is_on_type: false,
            assigned: None,
            symbol: call.within,
            line: call.line,
        }
    }

    pub(super) fn of_annotation(annotation: &'a Annotation) -> Self {
        let at = annotation.name.rfind(['.', ':', '\\']);
        let split = at.and_then(|at| annotation.name.split_at_checked(at + 1));
        let (receiver, name) = split.unwrap_or(("", &annotation.name));
        let receiver = receiver.trim_end_matches(['.', ':']);
        Self {
            name,
            receiver: (!receiver.is_empty()).then_some(receiver),
            literal: annotation.literal.as_deref(),
            arguments: annotation.arguments.as_deref(),
            is_annotation: true,
            is_on_type: false,
            assigned: None,
            symbol: annotation.symbol,
            line: annotation.line,
        }
    }

    pub(super) fn of_registration(call: &'a Call, registration: &'a Registration) -> Self {
        let (arguments, assigned) = (Some(&*registration.arguments), registration.name.as_deref());
        Self { arguments, assigned, ..Self::of_call(call) }
    }

    /// The callee as written, on one line, without arguments.
    pub(super) fn written(&self, language: Language) -> String {
        let Some(receiver) = self.receiver else { return self.name.to_owned() };
        let is_path = match language {
            Language::Rust => !receiver.contains(['.', '(']),
            Language::Cpp | Language::Php | Language::Ruby => {
                receiver.contains("::") || receiver.starts_with(char::is_uppercase) || receiver == "std"
            }
            _ => false,
        };
        let is_class_method = language == Language::Ruby && !self.name.starts_with(char::is_uppercase);
        let separator = if is_path && !is_class_method { "::" } else { "." };
        format!("{}{separator}{}", without_arguments(receiver), self.name)
    }
}

fn without_arguments(receiver: &str) -> String {
    let mut depth = 0_usize;
    let mut result = String::with_capacity(receiver.len());
    for c in receiver.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '(' | '[' | '{' => {
                depth += 1;
                if depth == 1 {
                    result.push(c);
                }
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    result.push(c);
                }
            }
            c if depth == 0 => result.push(c),
            _ => {}
        }
    }
    result
}
