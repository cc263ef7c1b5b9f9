package larch.fncf.data;

/// A data file, a download or a data name is not what it should be.
///
/// Every message is one line in one form, so that it can be read without a stack trace:
///
/// ```text
/// ml-1m/users.dat:17: expected one of the age codes 1, 18, 25, 35, 45, 50, 56, got "24"; correct the row
/// ```
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /// @param where    the file, folder, address or name at fault
    /// @param expected what should be there
    /// @param got      what is there
    /// @param fix      what to do about it
    /// @return the exception with the message `where: expected …, got …; fix`
    public static DataException of(String where, String expected, String got, String fix) {
        return new DataException(where + ": expected " + expected + ", got " + got + "; " + fix, null);
    }

    /// @param where    the file at fault
    /// @param line     the line, counted from 1
    /// @param expected what should be there
    /// @param got      what is there
    /// @param fix      what to do about it
    /// @return the exception with the message `where:line: expected …, got …; fix`
    public static DataException at(String where, long line, String expected, String got, String fix) {
        return of(where + ":" + line, expected, got, fix);
    }

    DataException causedBy(Throwable cause) {
        return new DataException(getMessage(), cause);
    }
}
