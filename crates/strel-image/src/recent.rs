//! The plans of a thread's last operators, so that the functions that take an element compile it
//! once and not at each call.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::{Border, Operand, Plan, PlanBuilder, StructuringElement};

/// Plans that a thread keeps.
const KEPT: usize = 16;

/// What a plan was made from: an operator's name, its elements, a border.
type Key = (&'static str, Vec<StructuringElement>, Border);

thread_local! {
    static RECENT: RefCell<VecDeque<(Key, Rc<Plan>)>> = RefCell::default();
}

/// The plan of an operator of the given name, elements and border.
pub(crate) fn plan(
    name: &'static str,
    elements: &[&StructuringElement],
    border: Border,
    operator: impl Fn(&mut PlanBuilder, Operand) -> Operand,
) -> Rc<Plan> {
    let is_it =
        |key: &Key| (key.0, key.2) == (name, border) && key.1.iter().eq(elements.iter().copied());
    let known = RECENT.with_borrow(|recent| {
        recent.iter().find(|(key, _)| is_it(key)).map(|(_, plan)| Rc::clone(plan))
    });
    known.unwrap_or_else(|| {
        let plan = Rc::new(Plan::unary(border, operator));
        let elements = elements.iter().map(|&element| element.clone()).collect();
        RECENT.with_borrow_mut(|recent| {
            recent.truncate(KEPT - 1);
            recent.push_front(((name, elements, border), Rc::clone(&plan)));
        });
        plan
    })
}
