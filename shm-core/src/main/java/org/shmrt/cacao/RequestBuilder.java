package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Settings that the requests of this package have in common. Not thread-safe.
 *
 * @param <B> type of the builder
 */
abstract sealed class RequestBuilder<B extends RequestBuilder<B>> permits LoadRequest.Builder, LinkRequest.Builder {
    private final String name;
    private String prefix = "";
    private Path directory = Path.of("");

    RequestBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    abstract B self();

    /**
     * Sets a prefix of the name of the stream or link. The files about it do not have the prefix.
     *
     * @param newPrefix for example {@code aol8_}
     * @return this builder
     */
    public B prefix(String newPrefix) {
        prefix = Objects.requireNonNull(newPrefix, "prefix");
        return self();
    }

    /**
     * Sets the working directory, which contains {@code conf/} and {@code loadedSM/}. The default is the current
     * directory.
     *
     * @param newDirectory the directory
     * @return this builder
     */
    public B directory(Path newDirectory) {
        directory = Objects.requireNonNull(newDirectory, "directory");
        return self();
    }

    Path directory() {
        return directory;
    }

    /** The stream or link with its prefix, in the working directory. */
    StreamTarget target() {
        return StreamTarget.of(name, prefix).in(directory);
    }
}
