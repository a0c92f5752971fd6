package org.shmrt.web;

import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.web.frame.Scope;

/**
 * How to serve the page.
 *
 * @param scope the streams that are shown
 * @param bind address or host name to listen on
 * @param port port, 0 for any free one
 * @param token text that each viewer must give, empty for none
 * @param tls key of the server, empty for HTTP without encryption
 * @param version version of ShmRT, for the page
 */
public record ViewSettings(
        Scope scope, String bind, int port, Optional<String> token, Optional<Tls> tls, String version) {
    /**
     * The key of a server that encrypts.
     *
     * @param keyStore file with the key and its certificate, PKCS #12 or JKS
     * @param password its password
     */
    public record Tls(Path keyStore, String password) {}
}
