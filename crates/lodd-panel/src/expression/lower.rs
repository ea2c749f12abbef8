//! From the parser's tree to the checked one: the whitelist, and the types.

use sqlparser::{
    ast::{BinaryOperator, Expr, Spanned, UnaryOperator, Value},
    parser::{Parser, ParserError},
    tokenizer::{Location, Token},
};

use super::{
    Name, Reason, Refusal, Type,
    node::Node,
    words::{Lines, Subset, Words},
};
use crate::mistake::likest;

/// Operations inside each other, as the parser descends: unoptimised it takes some 80 kB of
/// stack a level, and a thread may have 2 MB.
const PARSER_DEPTH_MAX: usize = 16;

/// The same in our own descent, where a sum of many terms is deep as well.
const DEPTH_MAX: usize = 32;

/// What an operand turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Integer,
    Text,
    Flag,
    Truth,
}

impl Sort {
    const fn label(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Text => "a text",
            Self::Flag => "a yes/no number",
            Self::Truth => "a condition",
        }
    }

    /// Whether values of the two can be compared with each other.
    fn compares(self, other: Self) -> bool {
        self != Self::Truth && (self == Self::Text) == (other == Self::Text) && other != Self::Truth
    }
}

/// An operand; `None` if something in it was refused, which is already noted.
type Lowered = Option<(Node, Sort)>;

/// Parses the words and checks what comes of them.
pub(super) fn lower(words: Words, names: &[Name]) -> Result<Node, Vec<Refusal>> {
    let Words { tokens, lines, .. } = words;
    let mut parser = Parser::new(&Subset)
        .with_recursion_limit(PARSER_DEPTH_MAX)
        .with_tokens_with_locations(tokens);
    let parsed = parser.parse_expr().map_err(|error| vec![syntax(&error, &lines)])?;
    let rest = parser.next_token();
    if rest.token != Token::EOF {
        let message = format!("the expression must end before `{rest}`");
        let offset = lines.offset(rest.span.start);
        return Err(vec![Refusal { offset, reason: Reason::Syntax { message } }]);
    }
    let mut lowering = Lowering { names, lines, refusals: Vec::new() };
    let root = lowering.truth(&parsed, 0);
    let mut refusals = lowering.refusals;
    refusals.sort_by_key(|it| it.offset);
    match root {
        Some(root) if refusals.is_empty() => Ok(root),
        _ => Err(refusals),
    }
}

/// The parser names the place at the end of its message only.
fn syntax(error: &ParserError, lines: &Lines) -> Refusal {
    let text = match error {
        ParserError::RecursionLimitExceeded => {
            return Refusal { offset: 1, reason: Reason::TooLarge };
        }
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text,
    };
    let (message, place) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let place = place.split_once(", Column: ").and_then(|(line, column)| {
        Some(Location { line: line.parse().ok()?, column: column.parse().ok()? })
    });
    let offset = place.map_or(lines.end(), |it| lines.offset(it));
    let message = message.replace("Expected:", "expected").replace("found: EOF", "found the end");
    Refusal { offset, reason: Reason::Syntax { message } }
}

struct Lowering<'a> {
    names: &'a [Name],
    lines: Lines,
    refusals: Vec<Refusal>,
}

impl Lowering<'_> {
    fn refuse(&mut self, at: &Expr, reason: Reason) {
        let offset = self.lines.offset(at.span().start);
        self.refusals.push(Refusal { offset, reason });
    }

    fn mismatch(&mut self, at: &Expr, expected: &'static str, found: Sort) {
        self.refuse(at, Reason::Mismatch { expected, found: found.label() });
    }

    fn any(&mut self, expr: &Expr, depth: usize) -> Lowered {
        if depth > DEPTH_MAX {
            self.refuse(expr, Reason::TooLarge);
            return None;
        }
        let depth = depth + 1;
        match expr {
            Expr::Nested(inner) => self.any(inner, depth),
            Expr::Identifier(ident) => self.name(expr, &ident.value),
            Expr::Value(value) => self.literal(expr, &value.value),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Some((Node::Not(Box::new(self.truth(expr, depth)?)), Sort::Truth))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                let zero = Box::new(Node::Integer(0));
                let node = self.integer(expr, depth)?;
                Some((Node::Binary("-", zero, Box::new(node)), Sort::Integer))
            }
            Expr::BinaryOp { op: BinaryOperator::And, .. } => self.chain(expr, "AND", depth),
            Expr::BinaryOp { op: BinaryOperator::Or, .. } => self.chain(expr, "OR", depth),
            Expr::BinaryOp { left, op, right } => self.binary(expr, (left, op, right), depth),
            Expr::IsNull(inner) => self.is_null(inner, false, depth),
            Expr::IsNotNull(inner) => self.is_null(inner, true, depth),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, depth),
            Expr::Between { expr, negated, low, high } => {
                self.between([expr, low, high], *negated, depth)
            }
            Expr::Case { operand: None, conditions, else_result, .. } => {
                let whens: Vec<_> =
                    conditions.iter().map(|it| (&it.condition, &it.result)).collect();
                self.case(&whens, else_result.as_deref(), depth)
            }
            _ => {
                self.refuse(expr, Reason::NotAllowed { found: expr.to_string() });
                None
            }
        }
    }

    fn name(&mut self, at: &Expr, name: &str) -> Lowered {
        let Some(known) = self.names.iter().find(|it| it.name == name) else {
            let message = format!("expected a value, found `{name}`");
            self.refuse(at, Reason::Syntax { message });
            return None;
        };
        let sort = match known.kind {
            Type::Integer => Sort::Integer,
            Type::Text => Sort::Text,
            Type::Flag => Sort::Flag,
        };
        Some((Node::Name(name.to_owned()), sort))
    }

    fn literal(&mut self, at: &Expr, value: &Value) -> Lowered {
        match value {
            Value::SingleQuotedString(text) => Some((Node::Text(text.clone()), Sort::Text)),
            Value::Number(digits, _) if digits.parse::<i64>().is_ok() => {
                Some((Node::Integer(digits.parse().unwrap_or_default()), Sort::Integer))
            }
            _ => {
                self.refuse(at, Reason::NotAllowed { found: value.to_string() });
                None
            }
        }
    }

    fn truth(&mut self, expr: &Expr, depth: usize) -> Option<Node> {
        match self.any(expr, depth)? {
            (node, Sort::Truth) => Some(node),
            (node, Sort::Flag) => Some(Node::IsOne(Box::new(node))),
            (_, sort) => {
                self.mismatch(expr, "a condition", sort);
                None
            }
        }
    }

    fn integer(&mut self, expr: &Expr, depth: usize) -> Option<Node> {
        match self.any(expr, depth)? {
            (node, Sort::Integer | Sort::Flag) => Some(node),
            (_, sort) => {
                self.mismatch(expr, "a whole number", sort);
                None
            }
        }
    }

    /// `a AND b AND c` is a left-leaning tree in the parser, and one flat node here.
    fn chain(&mut self, expr: &Expr, word: &'static str, depth: usize) -> Lowered {
        let mut links = Vec::new();
        let mut at = expr;
        while let Expr::BinaryOp { left, op, right } = at {
            if op.to_string() != word {
                break;
            }
            links.push(right.as_ref());
            at = left.as_ref();
        }
        links.push(at);
        let parts: Vec<_> = links.iter().rev().map(|it| self.truth(it, depth)).collect();
        Some((Node::Logic(word, parts.into_iter().collect::<Option<_>>()?), Sort::Truth))
    }

    fn binary(
        &mut self,
        expr: &Expr,
        (left, op, right): (&Expr, &BinaryOperator, &Expr),
        depth: usize,
    ) -> Lowered {
        let sign = match op {
            BinaryOperator::Plus => "+",
            BinaryOperator::Minus => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Eq => "=",
            BinaryOperator::NotEq => "<>",
            BinaryOperator::Lt => "<",
            BinaryOperator::LtEq => "<=",
            BinaryOperator::Gt => ">",
            BinaryOperator::GtEq => ">=",
            _ => {
                self.refuse(expr, Reason::NotAllowed { found: op.to_string() });
                return None;
            }
        };
        if matches!(sign, "+" | "-" | "*") {
            let (left, right) = (self.integer(left, depth), self.integer(right, depth));
            return Some((Node::Binary(sign, Box::new(left?), Box::new(right?)), Sort::Integer));
        }
        let mut sides = self.alike(&[left, right], depth)?.into_iter();
        let (left, right) = (sides.next()?, sides.next()?);
        Some((Node::Binary(sign, Box::new(left), Box::new(right)), Sort::Truth))
    }

    /// Operands that are compared with the first: all numbers, or all texts that it can take.
    fn alike(&mut self, operands: &[&Expr], depth: usize) -> Option<Vec<Node>> {
        let lowered: Vec<Lowered> = operands.iter().map(|it| self.any(it, depth)).collect();
        let lowered: Vec<(Node, Sort)> = lowered.into_iter().collect::<Option<_>>()?;
        let &(_, first) = lowered.first()?;
        for (expr, (_, sort)) in operands.iter().zip(&lowered) {
            if !first.compares(*sort) {
                let expected =
                    if first == Sort::Truth { "a number or a text" } else { first.label() };
                self.mismatch(expr, expected, *sort);
                return None;
            }
        }
        let nodes: Vec<Node> = lowered.into_iter().map(|(node, _)| node).collect();
        let named = nodes.iter().find_map(|it| match it {
            Node::Name(name) => self.names.iter().find(|known| known.name == *name),
            _ => None,
        });
        if let Some(codes) = named.and_then(|it| it.codes.as_ref().map(|codes| (it, codes))) {
            self.misspelt(codes, operands, &nodes);
        }
        Some(nodes)
    }

    fn misspelt(
        &mut self,
        (name, codes): (&Name, &Vec<crate::codes::Text>),
        operands: &[&Expr],
        nodes: &[Node],
    ) {
        for (expr, node) in operands.iter().zip(nodes) {
            let Node::Text(code) = node else { continue };
            if !codes.iter().any(|it| it == code) {
                let candidates = likest(code, codes.iter().map(AsRef::as_ref));
                let (name, code) = (name.name.clone(), code.clone());
                self.refuse(expr, Reason::UnknownCode { name, code, candidates });
            }
        }
    }

    fn is_null(&mut self, expr: &Expr, negated: bool, depth: usize) -> Lowered {
        let (node, _) = self.any(expr, depth)?;
        Some((Node::IsNull { of: Box::new(node), negated }, Sort::Truth))
    }

    fn in_list(&mut self, expr: &Expr, list: &[Expr], negated: bool, depth: usize) -> Lowered {
        let operands: Vec<&Expr> = std::iter::once(expr).chain(list).collect();
        let mut nodes = self.alike(&operands, depth)?.into_iter();
        let of = Box::new(nodes.next()?);
        Some((Node::In { of, list: nodes.collect(), negated }, Sort::Truth))
    }

    fn between(&mut self, [of, low, high]: [&Expr; 3], negated: bool, depth: usize) -> Lowered {
        let mut nodes = self.alike(&[of, low, high], depth)?.into_iter();
        let (of, low, high) = (nodes.next()?, nodes.next()?, nodes.next()?);
        let (of, low, high) = (Box::new(of), Box::new(low), Box::new(high));
        Some((Node::Between { of, low, high, negated }, Sort::Truth))
    }

    fn case(
        &mut self,
        whens: &[(&Expr, &Expr)],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Lowered {
        let conditions: Vec<_> = whens.iter().map(|(it, _)| self.truth(it, depth)).collect();
        let results: Vec<&Expr> = whens.iter().map(|(_, it)| *it).chain(otherwise).collect();
        let lowered: Vec<Lowered> = results.iter().map(|it| self.any(it, depth)).collect();
        let mut sorts = lowered.iter().flatten().map(|(_, sort)| *sort);
        let first = sorts.next()?;
        let all_flags = first == Sort::Flag && sorts.all(|it| it == Sort::Flag);
        let sort = if first == Sort::Flag && !all_flags { Sort::Integer } else { first };
        let mut branches = Vec::new();
        for (expr, lowered) in results.iter().zip(lowered) {
            let (node, found) = lowered?;
            if found != sort && !(found == Sort::Flag && sort == Sort::Integer) {
                self.mismatch(expr, sort.label(), found);
                return None;
            }
            branches.push(node);
        }
        let otherwise = if otherwise.is_some() { branches.pop().map(Box::new) } else { None };
        let conditions = conditions.into_iter().collect::<Option<Vec<_>>>()?;
        Some((
            Node::Case { whens: conditions.into_iter().zip(branches).collect(), otherwise },
            sort,
        ))
    }
}
