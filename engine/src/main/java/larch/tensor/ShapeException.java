package larch.tensor;

/// The shapes of an operation's arguments do not fit together.
///
/// The message always names the operation, what it expects, what it got and, where one is known, the fix:
///
/// ```text
/// matmul: signature [m,k] [k,n] -> [m,n]; got [64,32] [16,10]: k is 32 in argument 0 but 16 in argument 1
/// ```
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// @param message operation, expected, got and fix, in that order
    public ShapeException(String message) {
        super(message);
    }
}
