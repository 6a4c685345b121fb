//! Filters, tests and functions in a template: whether each is there, takes what it is given, and what comes out.

use std::ops::Range;

use minijinja::machinery::ast::{Call, CallArg, CallType, Expr};

use super::types::{NUMBER, TEXT, Type};
use super::{Checker, list, range};
use crate::account::nearest;
use crate::render::Clean;
use crate::render::template::filters::{FILTERS, Filter, Gives, RANGE, TESTS, Takes};
use crate::render::template::problem::Finding;
use crate::report::dossier::Shape;

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call<'_>, span: Range<usize>) -> Type {
        self.arguments(&call.args);
        match call.identify_call() {
            CallType::Function(RANGE) => Type::List(Box::new(NUMBER)),
            CallType::Function(name) => {
                let filter = FILTERS.iter().find(|filter| filter.name == name);
                let finding = Finding::new(span, format!("unknown function `{name}`"));
                self.found(match filter {
                    Some(_) => finding.help(format!("it is a filter: `value | {name}`")),
                    None => finding.help(format!("there is only `{RANGE}(n)`; figures are formatted with filters")),
                })
            }
            CallType::Method(of, name) => {
                self.expression(of);
                self.found(Finding::new(span, format!("`{name}` cannot be called: values have fields, not functions")))
            }
            CallType::Object(_) => self.found(Finding::new(span, "this cannot be called")),
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[CallArg<'_>]) {
        for argument in arguments {
            match argument {
                CallArg::Pos(value) | CallArg::Kwarg(_, value) => {
                    self.expression(value);
                }
                CallArg::PosSplat(value) | CallArg::KwargSplat(value) => {
                    let finding = Finding::new(range(value.span()), "arguments must be written out");
                    self.found(finding.help("`*` and `**` cannot be checked"));
                }
            }
        }
    }

    pub(super) fn test(&mut self, name: &str, given: usize, span: Range<usize>) {
        match TESTS.iter().find(|(known, _)| *known == name) {
            None => {
                let near = nearest(name, TESTS.iter().map(|(name, _)| *name));
                let finding = Finding::new(span, format!("unknown test `{}`", Clean(name))).suggest(near);
                self.found(if near.is_some() {
                    finding
                } else {
                    finding.help(format!("there are: {}", list(TESTS.iter().map(|(name, _)| *name))))
                });
            }
            Some((_, takes)) if *takes != given => {
                let title = format!("the test `{name}` takes {}, not {given}", counted(*takes));
                self.found(Finding::new(span, title));
            }
            Some(_) => {}
        }
    }

    /// The type of a filter expression. A filter without something before it, as in a block, works on `before`.
    pub(super) fn filter_of(&mut self, expression: &Expr<'_>, before: Option<Type>) -> Type {
        let Expr::Filter(given) = expression else { return before.unwrap_or(Type::Open) };
        let value = match &given.expr {
            Some(inner) => match (inner, before) {
                (Expr::Filter(_), Some(before)) => self.filter_of(inner, Some(before)),
                (inner, _) => self.expression(inner),
            },
            None => before.unwrap_or(Type::Open),
        };
        let span = range(expression.span());
        self.arguments(&given.args);
        let Some(filter) = FILTERS.iter().find(|filter| filter.name == given.name) else {
            let near = nearest(given.name, FILTERS.iter().map(|filter| filter.name));
            let finding = Finding::new(span, format!("unknown filter `{}`", given.name)).suggest(near);
            return self.found(if near.is_some() {
                finding
            } else {
                finding.help(format!("there are: {}", list(FILTERS.iter().map(|filter| filter.name))))
            });
        };
        if !self.counts(filter, &given.args, &span) {
            return Type::Wrong;
        }
        if value == Type::Wrong {
            return Type::Wrong;
        }
        if !takes(filter, &value) {
            let wanted = match filter.takes {
                Takes::Number => "a number",
                Takes::Date => "a date",
                Takes::Text => "text",
                Takes::List => "a list",
                Takes::TextOrList => "text or a list",
                Takes::Anything => "a value",
            };
            let title = format!("`{}` takes {wanted}, and this is a {}", filter.name, value.name());
            return self.found(Finding::new(
                span,
                title.replace("is a text", "is text").replace("is a yes or no", "is yes or no"),
            ));
        }
        self.result(filter, &given.args, value, span)
    }

    /// Whether a filter has as many arguments as it takes, and those of the right names.
    fn counts(&mut self, filter: &Filter, arguments: &[CallArg<'_>], span: &Range<usize>) -> bool {
        let (least, most) = filter.arguments;
        let given = arguments.iter().filter(|argument| matches!(argument, CallArg::Pos(_))).count();
        let mut right = true;
        if given < least || given > most {
            let takes = if least == most { counted(least) } else { format!("{least} to {most} arguments") };
            let finding = Finding::new(span.clone(), format!("`{}` takes {takes}, not {given}", filter.name));
            self.found(finding.help(filter.about));
            right = false;
        }
        for argument in arguments {
            if let CallArg::Kwarg(name, value) = argument
                && !filter.named.contains(name)
            {
                let near = nearest(name, filter.named.iter().copied());
                let title = format!("`{}` has no argument `{name}`", filter.name);
                self.found(Finding::new(range(value.span()), title).suggest(near));
                right = false;
            }
        }
        right
    }

    fn result(&mut self, filter: &Filter, arguments: &[CallArg<'_>], value: Type, span: Range<usize>) -> Type {
        let named = arguments.iter().find_map(|argument| match argument {
            CallArg::Kwarg("attribute", name) => Some(name),
            _ => None,
        });
        let selecting = matches!(filter.name, "selectattr" | "rejectattr");
        let first = arguments.iter().find_map(|argument| match argument {
            CallArg::Pos(value) => Some(value),
            _ => None,
        });
        let field = match (named, first) {
            (Some(name), _) => Some(self.element_field(&value, name)),
            (None, Some(name)) if selecting => Some(self.element_field(&value, name)),
            _ => None,
        };
        if selecting
            && let Some(CallArg::Pos(Expr::Const(test))) = arguments.get(1)
            && let Some(name) = test.value.as_str()
        {
            self.test(name, arguments.len() - 2, range(test.span()));
        }
        if field == Some(Type::Wrong) {
            return Type::Wrong;
        }
        match filter.gives {
            Gives::Of(shape) => Type::of(shape),
            Gives::Same if filter.name == "default" => match first {
                Some(other) => value.or(self.expression(other)),
                None => value,
            },
            Gives::Same => value,
            Gives::Element => match value {
                Type::List(element) => *element,
                other => other,
            },
            Gives::Fields => match field {
                Some(field) => Type::List(Box::new(field)),
                None => self.found(Finding::new(span, "`map` needs the name of a field").help(filter.about)),
            },
        }
    }

    /// The field of the elements of a list that an argument names.
    fn element_field(&mut self, list: &Type, name: &Expr<'_>) -> Type {
        let span = range(name.span());
        let Type::List(element) = list else { return Type::Wrong };
        let text = match name {
            Expr::Const(constant) => constant.value.as_str().map(str::to_owned),
            _ => None,
        };
        let Some(text) = text else {
            return self.found(Finding::new(span, "the name of a field must stand in the template as text"));
        };
        let mut of = (**element).clone();
        for part in text.split('.') {
            of = self.field(&of, part, span.clone());
        }
        of
    }
}

fn takes(filter: &Filter, value: &Type) -> bool {
    match (filter.takes, value) {
        (Takes::Anything, _) | (_, Type::Open) => true,
        (Takes::Number, value) => *value == NUMBER,
        (Takes::Text, value) => *value == TEXT,
        (Takes::Date, value) => *value == Type::Is(Shape::Date),
        (Takes::List, value) => matches!(value, Type::List(_)),
        (Takes::TextOrList, value) => *value == TEXT || matches!(value, Type::List(_)),
    }
}

fn counted(arguments: usize) -> String {
    match arguments {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        more => format!("{more} arguments"),
    }
}
