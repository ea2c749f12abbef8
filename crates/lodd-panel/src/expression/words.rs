//! From text to words: only what the subset holds reaches the parser.
//!
//! The parser knows a thousand SQL words. Here each word is either one of ours or a known name,
//! which is handed on quoted, so that nothing but the subset can be made of it.

use std::collections::BTreeSet;

use sqlparser::{
    ast::Expr,
    dialect::Dialect,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace, Word},
};

use super::{Name, Parameter, Parameters, Reason, Refusal};
use crate::mistake::likest;

/// The words of the subset. No column, rule, variable or outcome may be called so.
const RESERVED: &[&str] =
    &["AND", "BETWEEN", "CASE", "ELSE", "END", "IN", "IS", "NOT", "NULL", "OR", "THEN", "WHEN"];

/// More words than any rule needs, and few enough that no chain of them exhausts a stack.
const WORDS_MAX: usize = 400;

/// Nine digits fit 32 bits on every engine.
const DIGITS_MAX: usize = 9;

/// The parser's view of the subset: every word that reaches it unquoted is one of ours, and none
/// of these is ever a name.
#[derive(Debug)]
pub(super) struct Subset;

impl Dialect for Subset {
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_ascii_alphabetic()
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_ascii_alphanumeric() || ch == '_'
    }

    fn is_reserved_for_identifier(&self, _: Keyword) -> bool {
        true
    }

    /// Of our words only `CASE` and `NOT` begin an operand; the parser would take the others for
    /// names and stumble later.
    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let next = parser.peek_token_ref();
        let Token::Word(word) = &next.token else { return None };
        let begins = [Keyword::NoKeyword, Keyword::CASE, Keyword::NOT].contains(&word.keyword);
        let refused = || format!("expected a value, found: {word}{}", next.span.start);
        (!begins).then(|| Err(ParserError::ParserError(refused())))
    }
}

/// Whether expressions use the word themselves.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Words ready for the parser.
pub(super) struct Words {
    pub(super) tokens: Vec<TokenWithSpan>,
    pub(super) lines: Lines,
    pub(super) parameters: BTreeSet<String>,
}

/// Turns the tokenizer's line and column into an offset.
pub(super) struct Lines {
    /// The number of characters before each line.
    before: Vec<usize>,
    length: usize,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut before = vec![0];
        let mut length = 0;
        for character in text.chars() {
            length += 1;
            if character == '\n' {
                before.push(length);
            }
        }
        Self { before, length }
    }

    /// The character's offset from 1; the end of the text where the tokenizer knows no place.
    pub(super) fn offset(&self, at: Location) -> usize {
        let number = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
        number(at.line)
            .checked_sub(1)
            .and_then(|line| self.before.get(line))
            .map_or(self.end(), |before| before.saturating_add(number(at.column)).min(self.end()))
    }

    pub(super) fn end(&self) -> usize {
        self.length + 1
    }
}

/// Splits the text, puts parameters in, and refuses every word outside the subset.
pub(super) fn read(
    text: &str,
    names: &[Name],
    parameters: &Parameters,
) -> Result<Words, Vec<Refusal>> {
    let lines = Lines::of(text);
    let tokens = Tokenizer::new(&Subset, text).tokenize_with_location().map_err(|error| {
        let reason = Reason::Syntax { message: error.message };
        vec![Refusal { offset: lines.offset(error.location), reason }]
    })?;
    let mut reader = Reader { names, parameters, out: Vec::new(), refusals: Vec::new(), lines };
    let mut used = BTreeSet::new();
    let mut tokens = tokens.into_iter().filter(|it| !is_blank(&it.token)).peekable();
    let mut count = 0;
    while let Some(token) = tokens.next() {
        count += 1;
        if count > WORDS_MAX {
            reader.refuse(&token, Reason::TooLarge);
            break;
        }
        let named = (token.token == Token::Colon).then(|| tokens.next_if(|it| follows(&token, it)));
        match named {
            Some(Some(name)) => used.extend(reader.parameter(&token, &name)),
            _ => reader.word(token),
        }
    }
    if count == 0 {
        reader.refusals.push(Refusal { offset: 1, reason: Reason::Empty });
    }
    let Reader { out, refusals, lines, .. } = reader;
    if refusals.is_empty() {
        Ok(Words { tokens: out, lines, parameters: used })
    } else {
        Err(refusals)
    }
}

fn is_blank(token: &Token) -> bool {
    matches!(token, Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab))
}

/// Whether `next` is a word that stands right after `colon`, without a blank.
fn follows(colon: &TokenWithSpan, next: &TokenWithSpan) -> bool {
    let plain = matches!(&next.token, Token::Word(word) if word.quote_style.is_none());
    plain && colon.span.end == next.span.start
}

struct Reader<'a> {
    names: &'a [Name],
    parameters: &'a Parameters,
    out: Vec<TokenWithSpan>,
    refusals: Vec<Refusal>,
    lines: Lines,
}

impl Reader<'_> {
    fn refuse(&mut self, at: &TokenWithSpan, reason: Reason) {
        self.refusals.push(Refusal { offset: self.lines.offset(at.span.start), reason });
    }

    fn word(&mut self, token: TokenWithSpan) {
        let not_allowed = || Reason::NotAllowed { found: token.token.to_string() };
        let refused = match &token.token {
            Token::Word(word) if word.quote_style.is_some() => Some(not_allowed()),
            Token::Word(word) if is_reserved(&word.value) => None,
            Token::Word(word) => return self.name(&token, word),
            Token::Number(digits, false) if digits.bytes().all(|it| it.is_ascii_digit()) => {
                let found = || Reason::Number { found: digits.clone() };
                (digits.len() > DIGITS_MAX).then(found)
            }
            Token::SingleQuotedString(text) if text.contains('\0') => Some(not_allowed()),
            Token::SingleQuotedString(_)
            | Token::LParen
            | Token::RParen
            | Token::Comma
            | Token::Eq
            | Token::Neq
            | Token::Lt
            | Token::LtEq
            | Token::Gt
            | Token::GtEq
            | Token::Plus
            | Token::Minus
            | Token::Mul => None,
            _ => Some(not_allowed()),
        };
        match refused {
            Some(reason) => self.refuse(&token, reason),
            None => self.out.push(token),
        }
    }

    /// A known name goes on as a quoted identifier, whatever it means elsewhere in SQL.
    fn name(&mut self, token: &TokenWithSpan, word: &Word) {
        if self.names.iter().any(|it| it.name == word.value) {
            let word = Word {
                value: word.value.clone(),
                quote_style: Some('"'),
                keyword: Keyword::NoKeyword,
            };
            self.out.push(TokenWithSpan { token: Token::Word(word), span: token.span });
            return;
        }
        let candidates = likest(&word.value, self.names.iter().map(|it| it.name.as_str()));
        let reason = if word.keyword != Keyword::NoKeyword && candidates.is_empty() {
            Reason::NotAllowed { found: word.value.clone() }
        } else {
            Reason::UnknownName { name: word.value.clone(), candidates }
        };
        self.refuse(token, reason);
    }

    /// Puts the parameter's value in its place, and gives its name if there is such a one.
    fn parameter(&mut self, colon: &TokenWithSpan, name: &TokenWithSpan) -> Option<String> {
        let Token::Word(Word { value: name, .. }) = &name.token else { return None };
        let Some(value) = self.parameters.get(name) else {
            let candidates = likest(name, self.parameters.keys().map(String::as_str));
            self.refuse(colon, Reason::UnknownParameter { name: name.clone(), candidates });
            return None;
        };
        match literals(value) {
            Ok(tokens) => {
                let put = |token| TokenWithSpan { token, span: colon.span };
                self.out.extend(tokens.into_iter().map(put));
            }
            Err(reason) => self.refuse(colon, reason),
        }
        Some(name.clone())
    }
}

/// The words that write a parameter's value.
fn literals(value: &Parameter) -> Result<Vec<Token>, Reason> {
    let text = |text: &String| {
        let refused = || Reason::NotAllowed { found: "\\0".to_owned() };
        if text.contains('\0') {
            Err(refused())
        } else {
            Ok(Token::SingleQuotedString(text.clone()))
        }
    };
    match value {
        Parameter::Integer(value) => {
            let digits = value.unsigned_abs().to_string();
            if digits.len() > DIGITS_MAX {
                return Err(Reason::Number { found: value.to_string() });
            }
            let number = Token::Number(digits, false);
            let negative = vec![Token::LParen, Token::Minus, number.clone(), Token::RParen];
            Ok(if *value < 0 { negative } else { vec![number] })
        }
        Parameter::Text(value) => Ok(vec![text(value)?]),
        Parameter::Texts(values) => {
            let mut tokens = vec![Token::LParen];
            for value in values {
                tokens.extend([text(value)?, Token::Comma]);
            }
            if !values.is_empty() {
                tokens.pop();
            }
            tokens.push(Token::RParen);
            Ok(tokens)
        }
    }
}
