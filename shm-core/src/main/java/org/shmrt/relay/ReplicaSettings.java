package org.shmrt.relay;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.shmrt.stream.format.StreamSpec;

/**
 * How a replica is created.
 *
 * @param path its file
 * @param owner the machine of the source, see {@link org.shmrt.stream.inspect.NetworkReplica#owner}
 * @param delivery which frames it gets
 * @param depth number of frames that it keeps; empty for that of the source
 * @param permissions of a new file, or {@link StreamSpec#FORMAT_PERMISSIONS}
 * @param existing what to do with a stream of that path that is not a replica of this machine
 * @param writeBack what to do with frames that other local programs write into it
 */
public record ReplicaSettings(
        Path path,
        String owner,
        Delivery delivery,
        OptionalInt depth,
        int permissions,
        Existing existing,
        WriteBack writeBack) {
    /** What to do with a stream of the same path that is not a replica of the same machine. */
    public enum Existing {
        /** Leave it as it is, and fail. */
        KEEP,
        /** Replace it. */
        REPLACE
    }

    /** What to do with frames that other local programs write into the replica. */
    public enum WriteBack {
        /** Nothing: the next frame of the source overwrites them. */
        NONE,
        /** They are sent to the owner: the newest one each time, or every one, as the delivery says. */
        TO_OWNER
    }

    /** The settings without options. */
    public ReplicaSettings(Path path, String owner, Delivery delivery) {
        this(path, owner, delivery, OptionalInt.empty(), StreamSpec.FORMAT_PERMISSIONS, Existing.KEEP, WriteBack.NONE);
    }
}
