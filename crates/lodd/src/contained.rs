//! Libraries that panic where the system refuses them a thread: what they were to do is not done, and
//! the command says so and goes on.

use std::{
    cell::Cell,
    io,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives. `work` starts threads of its own without asking whether it can.
///
/// # Errors
/// It panicked, which says nothing on standard error.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> io::Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let aloud = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CONTAINED.get() {
                aloud(panic);
            }
        }));
    });
    let before = CONTAINED.replace(true);
    // What `work` took with it is not looked at again: the result is all that leaves it.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    result.map_err(|_| io::Error::from(io::ErrorKind::WouldBlock))
}

#[cfg(test)]
mod tests {
    use super::contained;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(contained(|| 3).unwrap(), 3);
        assert!(contained(|| panic!("no thread")).is_err());
        assert!(contained(|| contained(|| panic!("inner")).is_err()).unwrap());
    }
}
