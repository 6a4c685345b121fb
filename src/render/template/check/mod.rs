//! The names in a template, held against the shape of the view before there is any account.
//!
//! Every expression has a type, also in branches that no account may ever reach, so that a misspelt field is an error at load and
//! not a gap in one document of a thousand. What cannot be told is refused: a template is checked whole or not at all.

mod call;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, Expr, ForLoop, Stmt, UnaryOpKind};
use minijinja::value::ValueKind;

use types::{FLAG, LOOP, NUMBER, TEXT, Type};

use super::problem::Finding;
use crate::account::nearest;
use crate::render::Clean;
use crate::report::dossier::{Audience, Field, Shape, is_internal_field, is_internal_part};

/// What a check has found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    /// The names of the attributes that the template reads.
    pub(super) attributes: BTreeSet<String>,
}

/// Checks a parsed template for an audience.
pub(super) fn check(template: &Stmt<'_>, audience: Audience) -> Checked {
    let fields = audience.fields();
    let mut checker = Checker { audience, fields: &fields, scopes: vec![BTreeMap::new()], checked: Checked::default() };
    checker.statement(template);
    checker.checked
}

struct Checker<'f> {
    audience: Audience,
    fields: &'f [Field],
    /// Names that the template has given, by block.
    scopes: Vec<BTreeMap<String, Type>>,
    checked: Checked,
}

fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// The place of a name that ends a span, such as the field of `a.b`.
fn tail(span: Span, name: &str) -> Range<usize> {
    let end = span.end_offset as usize;
    end.saturating_sub(name.len())..end
}

impl Checker<'_> {
    fn found(&mut self, finding: Finding) -> Type {
        self.checked.findings.push(finding);
        Type::Wrong
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Statements whose names end with them.
    fn block(&mut self, statements: &[Stmt<'_>]) {
        self.scopes.push(BTreeMap::new());
        self.statements(statements);
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emit) => self.emit(&emit.expr),
            Stmt::ForLoop(given) => self.for_loop(given, range(given.span())),
            Stmt::IfCond(given) => {
                self.expression(&given.expr);
                // What is set in a branch stays set behind it.
                self.statements(&given.true_body);
                self.statements(&given.false_body);
            }
            Stmt::WithBlock(with) => {
                self.scopes.push(BTreeMap::new());
                for (target, value) in &with.assignments {
                    let value = self.expression(value);
                    self.assign(target, value);
                }
                self.statements(&with.body);
                self.scopes.pop();
            }
            Stmt::Set(set) => {
                let value = self.expression(&set.expr);
                self.assign(&set.target, value);
            }
            Stmt::SetBlock(set) => {
                self.block(&set.body);
                let value = set.filter.as_ref().map_or(TEXT, |filter| self.filter_of(filter, Some(TEXT)));
                self.assign(&set.target, value);
            }
            Stmt::FilterBlock(given) => {
                self.block(&given.body);
                self.filter_of(&given.filter, Some(TEXT));
            }
            Stmt::AutoEscape(given) => {
                let finding = Finding::new(range(given.span()), "`autoescape` is not for templates of csm");
                self.found(
                    finding.help("text from the data is always escaped; what the template itself says never is"),
                );
            }
            Stmt::Do(given) => {
                self.found(Finding::new(
                    range(given.span()),
                    "`do` is not for templates of csm: there is nothing to call",
                ));
            }
        }
    }

    /// What is printed must be one value.
    fn emit(&mut self, expression: &Expr<'_>) {
        let found = self.expression(expression);
        let help = match &found {
            Type::Is(Shape::Record(fields)) => format!("name one of its fields: {}", names(fields)),
            Type::Is(Shape::Attributes) => "name one of them: `attributes.territory`".to_owned(),
            Type::List(_) => {
                "go through it with `{% for … in … %}`, or put it in one text with `| join(\", \")`".to_owned()
            }
            _ => return,
        };
        let title = format!("a {} cannot be printed", found.name());
        self.found(Finding::new(range(expression.span()), title).help(help));
    }

    fn for_loop(&mut self, given: &ForLoop<'_>, span: Range<usize>) {
        let list = self.expression(&given.iter);
        let element = match list {
            Type::List(element) => *element,
            Type::Wrong => Type::Wrong,
            other => self.found(
                Finding::new(range(given.iter.span()), format!("a {} is nothing to go through", other.name()))
                    .help("`for` takes a list"),
            ),
        };
        if given.recursive {
            self.found(Finding::new(span, "a recursive loop is not for templates of csm: nothing in the data nests"));
        }
        self.scopes.push(BTreeMap::new());
        self.assign(&given.target, element);
        if let Some(filter) = &given.filter_expr {
            self.expression(filter);
        }
        self.bind("loop", Type::Is(Shape::Record(LOOP)));
        self.statements(&given.body);
        self.scopes.pop();
        self.block(&given.else_body);
    }

    fn bind(&mut self, name: &str, value: Type) {
        let Some(scope) = self.scopes.last_mut() else { return };
        let value = match scope.remove(name) {
            Some(before) if name != "loop" => before.or(value),
            _ => value,
        };
        scope.insert(name.to_owned(), value);
    }

    fn assign(&mut self, target: &Expr<'_>, value: Type) {
        let span = range(target.span());
        match target {
            Expr::Var(name) if self.fields.iter().any(|field| field.name == name.id) => {
                let title = format!("`{}` is a field of the view and keeps its meaning", name.id);
                self.found(Finding::new(span, title).help("give what you set another name"));
            }
            Expr::Var(name) => self.bind(name.id, value),
            _ => {
                self.found(Finding::new(span, "a value can be given to one name only"));
            }
        }
    }

    fn expression(&mut self, expression: &Expr<'_>) -> Type {
        let span = range(expression.span());
        match expression {
            Expr::Var(name) => self.variable(name.id, span),
            Expr::Const(constant) => match constant.value.kind() {
                ValueKind::String => TEXT,
                ValueKind::Number => NUMBER,
                ValueKind::Bool => FLAG,
                ValueKind::Seq => {
                    let first = constant.value.try_iter().ok().and_then(|mut items| items.next());
                    Type::List(Box::new(match first.map(|first| first.kind()) {
                        Some(ValueKind::String) => TEXT,
                        Some(ValueKind::Number) => NUMBER,
                        _ => Type::Open,
                    }))
                }
                _ => Type::Open,
            },
            Expr::Slice(slice) => {
                for bound in [&slice.start, &slice.stop, &slice.step].into_iter().flatten() {
                    self.expression(bound);
                }
                self.expression(&slice.expr)
            }
            Expr::UnaryOp(given) => {
                self.expression(&given.expr);
                match given.op {
                    UnaryOpKind::Not => FLAG,
                    UnaryOpKind::Neg => NUMBER,
                }
            }
            Expr::BinOp(given) => {
                let left = self.expression(&given.left);
                let right = self.expression(&given.right);
                match given.op {
                    BinOpKind::ScAnd | BinOpKind::ScOr => left.or(right),
                    BinOpKind::Concat => TEXT,
                    BinOpKind::Add if left == TEXT => TEXT,
                    BinOpKind::Add
                    | BinOpKind::Sub
                    | BinOpKind::Mul
                    | BinOpKind::Div
                    | BinOpKind::FloorDiv
                    | BinOpKind::Rem
                    | BinOpKind::Pow => NUMBER,
                    _ => FLAG,
                }
            }
            Expr::Compare(given) => {
                self.expression(&given.expr);
                for operand in &given.ops {
                    self.expression(&operand.expr);
                }
                FLAG
            }
            Expr::IfExpr(given) => {
                self.expression(&given.test_expr);
                let value = self.expression(&given.true_expr);
                match &given.false_expr {
                    Some(other) => value.or(self.expression(other)),
                    None => value,
                }
            }
            Expr::Filter(_) => self.filter_of(expression, None),
            Expr::Test(given) => {
                self.expression(&given.expr);
                self.arguments(&given.args);
                self.test(given.name, given.args.len(), span);
                FLAG
            }
            Expr::GetAttr(given) => {
                let of = self.expression(&given.expr);
                self.field(&of, given.name, tail(given.span(), given.name))
            }
            Expr::GetItem(given) => {
                let of = self.expression(&given.expr);
                self.item(of, &given.subscript_expr)
            }
            Expr::Call(given) => self.call(given, span),
            Expr::List(list) => self.items(&list.items),
            Expr::Tuple(tuple) => self.items(&tuple.items),
            Expr::Map(map) => {
                for part in map.keys.iter().chain(&map.values) {
                    self.expression(part);
                }
                Type::Open
            }
        }
    }

    fn items(&mut self, items: &[Expr<'_>]) -> Type {
        let types: Vec<Type> = items.iter().map(|item| self.expression(item)).collect();
        Type::List(Box::new(types.into_iter().reduce(Type::or).unwrap_or(Type::Open)))
    }

    fn variable(&mut self, name: &str, span: Range<usize>) -> Type {
        if let Some(known) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return known.clone();
        }
        if let Some(field) = self.fields.iter().find(|field| field.name == name) {
            return Type::of(field.shape);
        }
        let known: BTreeSet<String> = self.scopes.iter().flat_map(|scope| scope.keys().cloned()).collect();
        let fields = self.fields.iter().map(|field| field.name);
        let near = nearest(name, fields.chain(known.iter().map(String::as_str))).map(str::to_owned);
        let finding = self.unknown(name, span, near.as_deref(), is_internal_field(name));
        let is_lost = near.is_none() && !is_internal_field(name);
        self.found(if is_lost { finding.help("`csm template show NAME --fields` lists all fields") } else { finding })
    }

    /// What is said of a name that the view does not have.
    fn unknown(&self, name: &str, span: Range<usize>, near: Option<&str>, is_internal: bool) -> Finding {
        if self.audience == Audience::Customer && is_internal {
            let title = format!("`{name}` is internal: not for a document that goes to the customer");
            return Finding::new(span, title)
                .help("a template of your own is for the team where its first line is `{# audience: internal #}`");
        }
        Finding::new(span, format!("unknown field `{}`", Clean(name))).suggest(near)
    }

    fn field(&mut self, of: &Type, name: &str, span: Range<usize>) -> Type {
        match of {
            Type::Wrong => Type::Wrong,
            Type::Is(Shape::Record(fields)) => match fields.iter().find(|field| field.name == name) {
                Some(field) => Type::of(field.shape),
                None => {
                    let near = nearest(name, fields.iter().map(|field| field.name));
                    let is_internal = near.is_none() && is_internal_part(name);
                    let mut finding = self.unknown(name, span, near, is_internal);
                    if near.is_none() {
                        finding = finding.help(format!("there are: {}", names(fields)));
                    }
                    self.found(finding)
                }
            },
            Type::Is(Shape::Attributes) => {
                if name == "qbr" || name.contains('.') {
                    let title = format!("`{}` is no text field of an account", Clean(name));
                    return self
                        .found(Finding::new(span, title).help("name a field of text that stands beside `name`"));
                }
                self.checked.attributes.insert(name.to_owned());
                TEXT
            }
            Type::List(_) => {
                let title = format!("a list has no field `{name}`, but its elements may");
                self.found(
                    Finding::new(span, title).help("go through it with `{% for … in … %}`, or take one with `| first`"),
                )
            }
            Type::Open => self
                .found(Finding::new(span, format!("what this is cannot be told, nor whether it has a field `{name}`"))),
            Type::Is(shape) => {
                self.found(Finding::new(span, format!("a {} has no fields, so no `{name}`", shape.name())))
            }
        }
    }

    fn item(&mut self, of: Type, subscript: &Expr<'_>) -> Type {
        let span = range(subscript.span());
        let name = match subscript {
            Expr::Const(constant) => constant.value.as_str().map(str::to_owned),
            _ => None,
        };
        let index = self.expression(subscript);
        match (of, name) {
            (of, Some(name)) => self.field(&of, &name, span),
            (Type::List(element), None) if index == NUMBER => *element,
            (Type::Wrong, None) => Type::Wrong,
            (_, None) => {
                let finding = Finding::new(span, "the name of a field must stand in the template as it is");
                self.found(finding.help("a name that is computed cannot be checked"))
            }
        }
    }
}

fn names(fields: &[Field]) -> String {
    list(fields.iter().map(|field| field.name))
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
