package org.shmrt.error;

/**
 * A native call failed for a reason that has no exception type of its own. Holds the call, the object and the errno.
 */
public final class PosixException extends ShmException {
    private static final long serialVersionUID = 1L;

    /** Name of the function. */
    private final String call;

    /** What the function was called on. */
    private final String object;

    /** The error number. */
    private final int errno;

    /**
     * Creates an exception for a failed call.
     *
     * @param call name of the function, for example {@code mmap}
     * @param object the object of the call, for example a path
     * @param errno the error number
     * @param reason text of the error, and what to do if that is known
     */
    public PosixException(String call, String object, int errno, String reason) {
        super(call + " " + object + ": " + reason);
        this.call = call;
        this.object = object;
        this.errno = errno;
    }

    /**
     * The function that failed.
     *
     * @return its name
     */
    public String call() {
        return call;
    }

    /**
     * The object of the call.
     *
     * @return a path or name
     */
    public String object() {
        return object;
    }

    /**
     * The error number of the failure.
     *
     * @return the errno
     */
    public int errno() {
        return errno;
    }
}
