package org.shmrt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** Which build of ShmRT runs: the version and the commit in the manifest of its jar. */
record BuildInfo(String version, String commit) {
    private static final String CLASS_FILE = Shm.class.getSimpleName() + ".class";

    /** The build of these classes; without a jar, neither version nor commit is known. */
    static BuildInfo current() {
        return manifest()
                .map(Manifest::getMainAttributes)
                .map(BuildInfo::of)
                .orElseGet(() -> new BuildInfo("(not packaged)", "unknown"));
    }

    private static BuildInfo of(Attributes attributes) {
        return new BuildInfo(
                attribute(attributes, "Implementation-Version", "(not packaged)"),
                attribute(attributes, "Implementation-Commit", "unknown"));
    }

    private static String attribute(Attributes attributes, String name, String otherwise) {
        String value = attributes.getValue(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /** The manifest of the jar that contains this class, and of no other jar on the class path. */
    private static Optional<Manifest> manifest() {
        URL here = Shm.class.getResource(CLASS_FILE);
        if (here == null || !here.getProtocol().equals("jar")) {
            return Optional.empty();
        }
        String address = here.toString();
        String jar = address.substring("jar:".length(), address.indexOf("!/"));
        // Reading the jar as a stream of entries would be slow; the JVM has it open under this address.
        try (InputStream in =
                URI.create("jar:" + jar + "!/META-INF/MANIFEST.MF").toURL().openStream()) {
            return Optional.of(new Manifest(in));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return version + " (commit " + commit + ")";
    }
}
