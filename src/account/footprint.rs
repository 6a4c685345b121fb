//! What an account has bought and uses: seats, plan, modules, departments.

/// A list of short texts in one piece of memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Puts a text behind the others.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Puts a text in the place of the one at a position, where there is one.
    pub fn replace(&mut self, position: usize, text: &str) {
        let Some(before) = self.get(position).map(str::len) else { return };
        let end = self.ends[position];
        self.text.replace_range(end - before..end, text);
        for end in &mut self.ends[position..] {
            *end = *end - before + text.len();
        }
    }

    /// The text at a position.
    pub fn get(&self, position: usize) -> Option<&str> {
        let end = *self.ends.get(position)?;
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        self.text.get(start..end)
    }

    /// The texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets the texts and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

/// What an account has bought and uses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Footprint {
    /// Seats paid for; 0 where unknown.
    pub licensed_seats: f64,
    /// Seats in use; 0 where unknown.
    pub active_seats: f64,
    /// The plan, as the input spells it; empty where unknown.
    pub plan_tier: String,
    /// The plans on offer to this account, as the input spells them.
    pub available_tiers: Texts,
    /// The modules, in input order.
    pub modules: Modules,
    /// The departments.
    pub departments: Departments,
}

impl Footprint {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.licensed_seats.to_bits() == 0
            && self.active_seats.to_bits() == 0
            && self.plan_tier.is_empty()
            && self.available_tiers.is_empty()
            && self.modules.is_empty()
            && self.departments.current.is_empty()
            && self.departments.potential.is_empty()
    }

    /// Forgets all that is known and keeps the memory.
    pub fn clear(&mut self) {
        self.licensed_seats = 0.0;
        self.active_seats = 0.0;
        self.plan_tier.clear();
        self.available_tiers.clear();
        self.modules.clear();
        self.departments.current.clear();
        self.departments.potential.clear();
    }
}

/// The departments of a customer, as the input spells them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Departments {
    /// Those that use the product.
    pub current: Texts,
    /// Those that could.
    pub potential: Texts,
}

/// One module of the product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Module<'a> {
    /// Its name, as the input spells it.
    pub name: &'a str,
    /// Whether the customer has taken it up.
    pub adopted: bool,
    /// How much of it is used, 0–100 %; 0 where unknown.
    pub usage_pct: f64,
}

/// The modules of an account, in input order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Modules {
    names: Texts,
    usage: Vec<(bool, f64)>,
}

impl Modules {
    /// Puts a module behind the others.
    pub fn push(&mut self, module: Module<'_>) {
        self.names.push(module.name);
        self.usage.push((module.adopted, module.usage_pct));
    }

    /// The modules, in order.
    pub fn iter(&self) -> impl Iterator<Item = Module<'_>> {
        self.names.iter().zip(&self.usage).map(|(name, (adopted, usage_pct))| Module {
            name,
            adopted: *adopted,
            usage_pct: *usage_pct,
        })
    }

    /// The module at a position.
    pub fn get(&self, position: usize) -> Option<Module<'_>> {
        let (adopted, usage_pct) = *self.usage.get(position)?;
        Some(Module { name: self.names.get(position)?, adopted, usage_pct })
    }

    /// Replaces what is known of the module at a position, where there is one.
    pub fn set_usage(&mut self, position: usize, adopted: bool, usage_pct: f64) {
        if let Some(usage) = self.usage.get_mut(position) {
            *usage = (adopted, usage_pct);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.usage.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.usage.is_empty()
    }

    /// Forgets the modules and keeps the memory.
    pub fn clear(&mut self) {
        self.names.clear();
        self.usage.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_order_and_their_bounds() {
        let mut texts = Texts::default();
        for text in ["sales", "", "Ångström"] {
            texts.push(text);
        }
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["sales", "", "Ångström"]);
        assert_eq!((texts.len(), texts.get(3)), (3, None));
        for (position, text) in [(1, "Ops"), (0, ""), (2, "Å"), (1, "é"), (3, "nowhere")] {
            texts.replace(position, text);
        }
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "é", "Å"]);
        texts.clear();
        assert!(texts.is_empty());
    }
}
