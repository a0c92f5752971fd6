package org.shmrt.cli.verb;

import org.shmrt.image.ImageFiles;
import picocli.CommandLine.Option;

/** {@code --max-bytes}: what a compressed file may expand to. */
public final class ExpansionOption {
    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            converter = Converters.ToByteCount.class,
            description =
                    "Largest image or cube that a compressed FITS file may expand to, for example 4G. Default: 1G.")
    private long bytes = ImageFiles.DEFAULT_MAX_EXPANDED_BYTES;

    /** The limit. */
    public long bytes() {
        return bytes;
    }
}
