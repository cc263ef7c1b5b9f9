package larch.fncf.cli;

import java.util.function.Supplier;

/// The user asked for something that cannot be done: exit code 2. The message is the one line that they see.
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what was asked, what is wrong with it, what to do
    UserError(String message) {
        super(message);
    }

    private UserError(String message, Throwable cause) {
        super(message, cause);
    }

    /// @param option the option at fault
    /// @param why    what was expected and what was given
    /// @return the error with the message `option: why`
    static UserError of(String option, String why) {
        return new UserError(option + ": " + why);
    }

    /// Runs something that may refuse the value of an option.
    ///
    /// Deep inside, an [IllegalArgumentException] is a mistake of the program; where a value comes straight
    /// from the command line it is a mistake of the user. Only the caller knows which, so only what is
    /// wrapped here is taken for the latter.
    /// @param option the option whose value is used
    /// @param action what uses it
    /// @return what the action returns
    static <T> T guard(String option, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException wrong) {
            throw new UserError(option + ": " + wrong.getMessage(), wrong);
        }
    }

    /// @param option  the option
    /// @param value   its value
    /// @param minimum the smallest value that makes sense
    /// @return the value
    static int atLeast(String option, int value, int minimum) {
        if (value < minimum) {
            throw of(option, "expected at least " + minimum + ", got " + value);
        }
        return value;
    }
}
