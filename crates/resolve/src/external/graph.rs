//! What a locked package is needed for, where the lock file says only who needs whom.

use codexa_model::relation::DependencyScope;

/// The order in which scopes win: what runs before what builds, before what a feature adds, before development.
const ORDER: [DependencyScope; 4] =
    [DependencyScope::Runtime, DependencyScope::Build, DependencyScope::Optional, DependencyScope::Development];

/// The strongest scope from which each node is reached. `needs[n]` are the nodes that `n` needs; `seeds` are the nodes that a
/// manifest names. A node that nothing reaches (a stale entry) counts as development: nothing that ships needs it.
pub(super) fn scopes(needs: &[Vec<usize>], seeds: &[(usize, DependencyScope)]) -> Vec<DependencyScope> {
    let mut scopes: Vec<Option<DependencyScope>> = vec![None; needs.len()];
    for scope in ORDER {
        let mut stack: Vec<usize> = seeds.iter().filter(|(_, seed)| *seed == scope).map(|&(node, _)| node).collect();
        while let Some(node) = stack.pop() {
            let Some(slot) = scopes.get_mut(node).filter(|slot| slot.is_none()) else { continue };
            *slot = Some(scope);
            stack.extend(needs.get(node).into_iter().flatten());
        }
    }
    scopes.into_iter().map(|scope| scope.unwrap_or(DependencyScope::Development)).collect()
}
