package org.shmrt.cli.stream;

import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Option;

/** How a verb that writes an existing stream shares it with other writers. */
final class WriterOptions {
    @Option(names = "--share", description = "Write even if another ShmRT program is writing the stream.")
    private boolean share;

    @Option(
            names = "--to-owner",
            description =
                    "Write even if the stream is a replica of one on another machine: DAO's network service, or shm"
                            + " relay get --write-back, sends each frame to that machine.")
    private boolean toOwner;

    FrameWriter writer(ImageStream stream) {
        if (toOwner) {
            return stream.writerToOwner();
        }
        return share ? stream.sharedWriter() : stream.writer();
    }
}
