//! Words that say nothing of what code is for, because code of every kind is full of them.

use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Whether a word names nothing. In the names of files and folders, and in headings, people choose their words: `config.py` is
/// about settings, while every second function has a `config` in its name.
pub(super) fn says_nothing(word: &str, is_chosen: bool) -> bool {
    static EVERYWHERE: LazyLock<FxHashSet<&str>> = LazyLock::new(|| of(&[PLACES, PROSE]));
    static IN_CODE: LazyLock<FxHashSet<&str>> = LazyLock::new(|| of(&[VERBS, KINDS, LANGUAGES]));
    EVERYWHERE.contains(word) || (!is_chosen && IN_CODE.contains(word))
}

/// Whether a word says nothing wherever it stands: what is called `helpers` may do anything.
pub(super) fn is_vague(word: &str) -> bool {
    const VAGUE: [&str; 18] = [
        "base",
        "basic",
        "common",
        "core",
        "helper",
        "helpers",
        "internal",
        "internals",
        "lib",
        "libs",
        "main",
        "misc",
        "shared",
        "src",
        "util",
        "utilities",
        "utility",
        "utils",
    ];
    VAGUE.contains(&word)
}

fn of(lists: &[&'static str]) -> FxHashSet<&'static str> {
    lists.iter().flat_map(|list| list.split_ascii_whitespace()).collect()
}

/// What any function may do.
const VERBS: &str = "
    get set has are can add put new make create init initialize build run start stop begin end open close read write load
    save find check handle process parse update remove delete del clear reset apply call do use used try wrap copy clone
    dup compare equals equal hash append insert push pop peek next prev previous last first assert ensure validate convert
    print dump free alloc allocate release destroy register unregister enable disable enter exit exec execute invoke
    perform return yield throw raise catch fail test setup teardown mock expect should must will would may might show hide
    log warn compute calculate generate resolve prepare finish complete done wait notify emit fire dispatch attach detach
    bind unbind merge join split sort filter map reduce fold flatten collect count sum contains exists lookup match replace
    swap move shift fill trim strip format encode decode normalize sanitize fetch take give send receive accept reject
    select choose pick compile declare define deref borrow poll into from with without drop called calls calling added adds
    adding setting gets sets returns allow allows allowed deny visit advance skip ignore mark unmark touch refresh forward
    inc dec incr decr increment decrement maybe is supports support needed need needs keep make pass fix change changed
    loads dumps tests testing tested";

/// What any program has.
const KINDS: &str = "
    value values val vals var vars variable variables data datum info information item items elem elems element elements
    entry entries object objects obj thing things type types typing kind kinds class classes struct structs field fields
    attr attrs attribute attributes prop props property properties name names named id ids key keys index indexes indices
    idx num number numbers size sizes len length counts total max min avg bool boolean int integer long short float double
    char chars byte bytes string strings str text array arrays list lists vec vector dict dicts mapping tuple pair pairs
    iter iterator iterators iterable func function functions fn method methods proc procedure arg args argument arguments
    param params parameter parameters opt opts option options flag flags result results res ret err errs error errors
    exception exceptions fault failure failed success state states status statuses mode modes code codes level levels
    default defaults base bases abstract impl implementation interface interfaces trait traits generic generics simple
    basic helper helpers private public protected static final const constant constants enum enums self this that super
    other others parent parents child children node nodes root roots ref refs reference references ptr pointer pointers
    handler handlers callback callbacks listener listeners factory factories builder builders manager managers wrapper
    wrappers adapter adapters provider providers holder holders container containers context contexts ctx config configs
    configuration configurations conf cfg settings version versions inner outer inside outside local global current cur old
    tmp temp temporary dummy foo bar baz extra more most some any all none null nil empty full same different multi
    multiple single many one two three four left right top bottom front back head tail mid middle before after source
    sources src dest dst destination target targets input inputs output outputs out line lines column columns row rows part
    parts piece pieces unit units pos position offset range limit limits bound bounds time times date now second seconds
    milli millis minute hour day ms nanos micros instance instances model models module modules def defs definition
    definitions decl declaration symbol symbols macro macros typedef inline extern volatile unsigned signed void uint uint8
    uint16 uint32 uint64 int8 int16 int32 int64 i32 i64 u32 u64 f32 f64 usize isize stdin stdout stderr env envs required
    optional valid invalid ok okay yes true false ready available unsupported known unknown raw plain custom special
    specific mut dyn async await sync synchronized comparator supplier predicate equality singleton collection collections
    reader writer readers writers op ops operation operations action actions step steps detail details description desc
    descr title label labels reason reasons cause causes hdr safe unsafe";

/// Where code of every kind lies, and what such files are called.
const PLACES: &str = "
    src source sources lib libs include includes main java kotlin scala python rust cpp php ruby javascript typescript org
    com net edu gov app apps pkg pkgs cmds bin dist internal internals impl api apis core common shared base basic misc util
    utils utility utilities helper helpers tool tools test tests mod init index readme doc docs package packages vendor
    third party crate crates module modules file files path paths dir dirs folder folders directory directories static
    public private resources resource assets generated constants consts types errors error exceptions exception defs
    interface interfaces abstract generic default simple extra example examples sample samples demo new old version";

/// What languages call their own things.
const LANGUAGES: &str = "
    cls kwargs repr eq ne lt gt le ge getattr setattr delattr getitem setitem getstate setstate slots mixin dunder pyi
    tostring hashcode compareto valueof override deprecated nullable notnull suppress warnings serial serializable cloneable
    runnable callable closeable autocloseable println printf sprintf snprintf fprintf malloc calloc realloc memcpy memset
    memcmp strlen strcmp strcpy sizeof ifdef ifndef endif pragma once unwrap debug display unpin pin fmt derive stringer
    goroutine chan defer panic recover prototype constructor undefined require exports export import imports typeof
    construct destruct instanceof dispose getenumerator ienumerable ilist idictionary namespace partial sealed virtual std";

/// What prose is made of.
const PROSE: &str = "
    the and for not but its are was were been being has have had can could does did how what when where which who why your
    you our their them they then than also only just very much into onto over under about above below between through
    during per via etc see note notes overview introduction getting started guide quickstart tutorial usage installation
    install documentation reference changelog release releases license contributing faq table contents project community
    links support use uses using used with without from this that more all on in of to by at as is it or if no do my we so
    an be up";
