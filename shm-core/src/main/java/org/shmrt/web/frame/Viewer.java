package org.shmrt.web.frame;

/** Who receives frames: one open page. Called by the threads that read streams; no call may block. */
public interface Viewer {
    /** Why there is no frame. The names are part of the protocol. */
    enum Reason {
        /** No new frame in the time that the request gave. */
        TIMED_OUT,
        /** There is no stream of this name. */
        REMOVED,
        /** The stream has no frame yet. */
        NEVER_WRITTEN,
        /** The writer died while it wrote the newest frame. */
        STALE_WRITER
    }

    /** Whether it can take a frame now: false while earlier frames are on their way to it. */
    boolean isReady();

    /** Answers a request. The viewer retains the frame if it needs it after this call. */
    void frame(FrameRequest request, Frame frame, long lost);

    /** Answers a request with the reason why there is no frame. */
    void none(FrameRequest request, Reason reason);

    /** Answers a request that can never be answered with a frame. */
    void refused(FrameRequest request, String message);
}
