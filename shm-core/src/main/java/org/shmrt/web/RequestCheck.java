package org.shmrt.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Refuses requests before anything else sees them: other methods than GET and HEAD, another name than this server's in
 * the Host header (a page of a foreign name that leads to this address), and requests without the token.
 */
final class RequestCheck extends Handler.Wrapper {
    private static final String BEARER = "Bearer ";
    private static final String TOKEN = "token";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final ViewSettings settings;
    private final InetAddress address;
    private final Optional<byte[]> tokenDigest;

    RequestCheck(ViewSettings settings, InetAddress address) {
        this.settings = settings;
        this.address = address;
        this.tokenDigest = settings.token().map(RequestCheck::digest);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Replies.protect(response.getHeaders());
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Replies.error(response, 405, "only GET and HEAD: this server cannot change anything", callback);
        } else if (!isOwnHost(request)) {
            Replies.error(
                    response, 421, "the name in the address is not one of this server: use its address", callback);
        } else if (isFromOtherSite(request)) {
            Replies.error(response, 403, "the page of another server may not read streams", callback);
        } else if (tokenDigest.isPresent()
                && (!hasToken(request) || givenToken(request).isPresent())) {
            answerToken(request, response, callback);
        } else {
            return super.handle(request, response, callback);
        }
        return true;
    }

    /** The token in the address is exchanged for a cookie, so that it does not stay in the address. */
    private void answerToken(Request request, Response response, Callback callback) {
        Optional<String> given = givenToken(request);
        if (given.isEmpty() || !isToken(given.get())) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            Replies.error(response, 401, "the token is missing or wrong: open /?token=TOKEN once", callback);
            return;
        }
        Response.addCookie(
                response,
                HttpCookie.build(cookieName(request), settings.token().orElseThrow())
                        .path("/")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite(HttpCookie.SameSite.STRICT)
                        .build());
        response.setStatus(303);
        response.getHeaders().put(HttpHeader.LOCATION, "/");
        callback.succeeded();
    }

    private static Optional<String> givenToken(Request request) {
        if (!Request.getPathInContext(request).equals("/")
                || request.getHttpURI().getQuery() == null) {
            return Optional.empty();
        }
        Fields query = Request.extractQueryParameters(request);
        return Optional.ofNullable(query.getValue(TOKEN));
    }

    /** With the port, because browsers share cookies between the ports of a host. */
    private static String cookieName(Request request) {
        return "shm-view-" + Request.getLocalPort(request);
    }

    private boolean hasToken(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null && authorization.startsWith(BEARER)) {
            return isToken(authorization.substring(BEARER.length()).strip());
        }
        String name = cookieName(request);
        return Request.getCookies(request).stream()
                .anyMatch(cookie -> cookie.getName().equals(name) && isToken(cookie.getValue()));
    }

    /** Compares digests of equal length in a time that does not depend on where they differ. */
    private boolean isToken(String text) {
        return MessageDigest.isEqual(tokenDigest.orElseThrow(), digest(text));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the Host header names this server: else a foreign name was made to lead to this address. */
    private boolean isOwnHost(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || request.getHeaders().getFields(HttpHeader.HOST).size() != 1) {
            return false;
        }
        String given = host.toLowerCase(Locale.ROOT);
        int port = Request.getLocalPort(request);
        boolean defaultPort = port == (request.isSecure() ? HTTPS_PORT : HTTP_PORT);
        return names(request).stream()
                .anyMatch(name -> given.equals(name + ":" + port) || (defaultPort && given.equals(name)));
    }

    /** The names under which a viewer reaches this server. */
    private Set<String> names(Request request) {
        Set<String> names = new LinkedHashSet<>();
        names.add(bracketed(settings.bind().toLowerCase(Locale.ROOT)));
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            names.add("localhost");
            names.add("127.0.0.1");
            names.add("[::1]");
        }
        names.add(bracketed(address.getHostAddress()));
        if (address.isAnyLocalAddress()
                && request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress local) {
            names.add(bracketed(local.getAddress().getHostAddress()));
        }
        return names;
    }

    /** A host as it is in an address: one of IPv6 is in brackets. */
    static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** What browsers say about the page that caused a request; other programs say nothing. */
    private static boolean isFromOtherSite(Request request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        boolean foreign = "cross-site".equals(site) || "same-site".equals(site);
        // A link to the page itself is harmless: the page shows nothing to the one that has the link.
        return foreign && !Request.getPathInContext(request).equals("/");
    }

    /** Whether a WebSocket is opened by a page of this server, by the name in the Host header, which was checked. */
    boolean isSameOrigin(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        HttpField origin = request.getHeaders().getField(HttpHeader.ORIGIN);
        return origin != null
                && host != null
                && request.getHeaders().getFields(HttpHeader.ORIGIN).size() == 1
                && origin.getValue().equalsIgnoreCase((request.isSecure() ? "https://" : "http://") + host);
    }
}
