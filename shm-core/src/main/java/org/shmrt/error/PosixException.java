package org.shmrt.error;

/**
 * A native call failed for a reason that has no type of its own. Carries the call, the object and the errno.
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
     * A failed call.
     *
     * @param call name of the function, for example {@code mmap}
     * @param object what it was called on, for example a path
     * @param errno the error number
     * @param reason name and text of the error number, and what to do where that is known
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
     * What it was called on.
     *
     * @return a path or name
     */
    public String object() {
        return object;
    }

    /**
     * Why it failed.
     *
     * @return the error number
     */
    public int errno() {
        return errno;
    }
}
