//! The roles that a kind of syntax node can play, and the fields that extraction asks for.

/// A set of roles. Each language's table gives every interesting node kind its set; the walk looks only at these bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles(u32);

impl Roles {
    pub(crate) const NONE: Self = Self(0);
    /// A comment; not descended into.
    pub(crate) const COMMENT: Self = Self(1);
    /// A name: an operand and, away from its definition, a reference.
    pub(crate) const IDENTIFIER: Self = Self(1 << 1);
    /// A token that counts as one of Halstead's operators. Set for anonymous tokens by the engine.
    pub(crate) const OPERATOR: Self = Self(1 << 2);
    /// Neither operator nor operand: quotes, string content, layout tokens.
    pub(crate) const SILENT: Self = Self(1 << 3);
    /// May define symbols: ask [`Extract::symbol`](crate::extract::Extract::symbol).
    pub(crate) const SYMBOL: Self = Self(1 << 4);
    /// An import: ask [`Extract::import`](crate::extract::Extract::import); not descended into.
    pub(crate) const IMPORT: Self = Self(1 << 5);
    /// A call: ask [`Extract::call`](crate::extract::Extract::call).
    pub(crate) const CALL: Self = Self(1 << 6);
    /// A decorator, attribute or annotation: ask [`Extract::annotation`](crate::extract::Extract::annotation).
    pub(crate) const ANNOTATION: Self = Self(1 << 7);
    /// Declares the file's package or namespace: ask [`Extract::module`](crate::extract::Extract::module).
    pub(crate) const MODULE: Self = Self(1 << 8);
    /// One more path through the function (cyclomatic).
    pub(crate) const DECISION: Self = Self(1 << 9);
    /// Control structure: cognitive +1 and +1 per level it stands in; deepens the nesting.
    pub(crate) const NEST: Self = Self(1 << 10);
    /// A control structure that a preceding `else` makes part of the same chain.
    pub(crate) const CHAIN: Self = Self(1 << 11);
    /// The `else` token (or a clause such as `elif`): cognitive +1 without regard to nesting.
    pub(crate) const ELSE: Self = Self(1 << 12);
    /// A closure: deepens the nesting without adding to it.
    pub(crate) const CLOSURE: Self = Self(1 << 13);
    /// A binary expression that may be a logical one: its operator decides.
    pub(crate) const BINARY: Self = Self(1 << 14);
    /// A logical operator token (`&&`, `||`, `and`, `or`).
    pub(crate) const LOGICAL: Self = Self(1 << 15);
    /// A jump to a label: cognitive +1 where it names one.
    pub(crate) const JUMP: Self = Self(1 << 16);
    /// Parentheses around an expression: transparent to sequences of logical operators.
    pub(crate) const PARENTHESES: Self = Self(1 << 17);
    /// A leaf that counts as an operand though it is anonymous, or a node counted whole (a string).
    pub(crate) const OPERAND: Self = Self(1 << 18);
    /// Changes who may use what follows in the same scope: ask [`Extract::access`](crate::extract::Extract::access).
    pub(crate) const ACCESS: Self = Self(1 << 20);
    /// Exports names: ask [`Extract::exports`](crate::extract::Extract::exports); what it declares is public.
    pub(crate) const EXPORT: Self = Self(1 << 21);
    /// Passes an export on to what it encloses (`const` and `let` lists).
    pub(crate) const LIST: Self = Self(1 << 22);

    /// The kind of a token that has no name of its own. Set by the engine.
    pub(crate) const ANONYMOUS: Self = Self(1 << 23);
    /// A name that its grammar makes of parts; all others are tokens.
    pub(crate) const COMPOSED: Self = Self(1 << 24);
    /// Compiled only under a condition: ask [`Extract::conditions`](crate::extract::Extract::conditions).
    pub(crate) const CONDITION: Self = Self(1 << 26);

    /// A name behind that of a package: ask [`Extract::qualified`](crate::extract::Extract::qualified).
    pub(crate) const QUALIFIED: Self = Self(1 << 28);
    /// An arm of a switch: one more path, unless it takes all that is left: ask
    /// [`Extract::is_default`](crate::extract::Extract::is_default).
    pub(crate) const ARM: Self = Self(1 << 27);

    /// Ends with a token that counts for nothing, a bracket or a quote: the walk is done before it.
    pub(crate) const CLOSED: Self = Self(1 << 29);

    /// May hold items that the grammar shows as loose tokens: ask [`Extract::items`](crate::extract::Extract::items).
    pub(crate) const ITEMS: Self = Self(1 << 25);

    /// A statement that may do nothing but say something: ask [`Extract::is_remark`](crate::extract::Extract::is_remark);
    /// then it is no more descended into than a comment.
    pub(crate) const REMARK: Self = Self(1 << 30);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// Whether the kind is that of a token: it has no children, and is asked for none.
    pub(crate) const fn is_token(self) -> bool {
        self.has(Self::ANONYMOUS) || (self.has(Self::IDENTIFIER) && !self.has(Self::COMPOSED))
    }

    /// Whether nothing is done where the walk comes to a node of the kind, beyond counting a token.
    pub(crate) const fn is_passive(self) -> bool {
        let counted = Self::IDENTIFIER.or(Self::OPERATOR).or(Self::SILENT).or(Self::ANONYMOUS).or(Self::COMPOSED);
        let context = Self::PARENTHESES.or(Self::LIST).or(Self::CLOSED);
        self.0 & !counted.or(context).0 == 0
    }
}

macro_rules! fields {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A field of a grammar rule. Ids differ per grammar and are looked up once.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Field { $($variant),* }
        /// The grammars' names of the fields, in the order of [`Field`].
        pub(crate) const FIELD_NAMES: &[&str] = &[$($name),*];
    };
}

fields! {
    Alias = "alias",
    Alternative = "alternative",
    Argument = "argument",
    Arguments = "arguments",
    Attribute = "attribute",
    Body = "body",
    Condition = "condition",
    Constructor = "constructor",
    Declarator = "declarator",
    Member = "field",
    Function = "function",
    Guard = "guard",
    Key = "key",
    Left = "left",
    List = "list",
    Macro = "macro",
    Method = "method",
    ModuleName = "module_name",
    Name = "name",
    Object = "object",
    Operator = "operator",
    Parameters = "parameters",
    Path = "path",
    Pattern = "pattern",
    Property = "property",
    Receiver = "receiver",
    Right = "right",
    Scope = "scope",
    Source = "source",
    Trait = "trait",
    Type = "type",
    Value = "value",
}
