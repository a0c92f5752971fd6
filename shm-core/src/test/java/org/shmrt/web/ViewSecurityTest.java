package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.web.frame.Scope;

/** Who may see streams: pages of other servers, other machines, viewers with and without the token. */
@Timeout(600)
@Tag("slow")
class ViewSecurityTest {
    private static final String TOKEN = "0123456789abcdef-secret";

    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    private String own() {
        return "127.0.0.1:" + view.server().port();
    }

    private static void assertStatus(int expected, String firstLine) {
        assertTrue(firstLine.startsWith("HTTP/1.1 " + expected), firstLine);
    }

    private String get(String host, String path) {
        return view.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void shouldAnswerOnlyToItsOwnNames() {
        view.start();
        int port = view.server().port();

        assertStatus(200, get(own(), "/"));
        assertStatus(200, get("localhost:" + port, "/"));
        assertStatus(200, get("LOCALHOST:" + port, "/"));
        assertStatus(200, get("[::1]:" + port, "/"));
        assertStatus(421, get("evil.example:" + port, "/"));
        assertStatus(421, get("127.0.0.1.evil.example:" + port, "/"));
        assertStatus(421, get("127.0.0.1:" + (port + 1), "/"));
        assertStatus(421, get("127.0.0.1", "/"));
        assertStatus(421, get("evil.example:" + port, "/save?stream=x&as=npy"));
        assertStatus(400, view.raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
        assertStatus(
                400,
                view.raw("GET / HTTP/1.1\r\nHost: " + own() + "\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));
        assertStatus(421, view.raw("GET / HTTP/1.0\r\n\r\n"));
        assertStatus(421, view.raw("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
    }

    @Test
    void shouldOpenAWebSocketForItsOwnPageOnly() {
        view.start();
        int port = view.server().port();

        assertStatus(101, view.raw(view.upgrade(own(), "http://" + own())));
        assertStatus(101, view.raw(view.upgrade("localhost:" + port, "http://localhost:" + port)));
        assertStatus(403, view.raw(view.upgrade(own(), "http://evil.example")));
        assertStatus(403, view.raw(view.upgrade(own(), "http://localhost:" + port)));
        assertStatus(403, view.raw(view.upgrade(own(), "https://" + own())));
        assertStatus(403, view.raw(view.upgrade(own(), "http://127.0.0.1:" + (port + 1))));
        assertStatus(403, view.raw(view.upgrade(own(), "null")));
        assertStatus(403, view.raw(view.upgrade(own(), "")));
        assertStatus(421, view.raw(view.upgrade("evil.example:" + port, "http://evil.example:" + port)));
    }

    @Test
    void shouldNotCompressWhatTheBrowserOffersToCompress() {
        view.start();
        try (ViewPage page = ViewPage.open(
                HttpClient.newHttpClient(), view.server().address(), ViewPage.Mode.READING, "X-Nothing", "x")) {
            assertEquals("hello", page.ask("op", "hello", "id", 1).op());
        }
        String offered = view.upgrade(own(), "http://" + own())
                .replace("Origin:", "Sec-WebSocket-Extensions: permessage-deflate\r\nOrigin:");
        assertFalse(view.rawHead(offered).contains("permessage-deflate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"})
    void shouldOnlyRead(String method) {
        view.start();

        String answer = view.raw(method + " / HTTP/1.1\r\nHost: " + own() + "\r\nContent-Length: 0\r\n\r\n");

        assertTrue(answer.matches("HTTP/1.1 40[05].*"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/assets/../../../../etc/passwd",
                "/assets/%2e%2e/%2e%2e/etc/passwd",
                "/assets/..%2f..%2fetc%2fpasswd",
                "/assets/..;/..;/etc/passwd",
                "/assets//etc/passwd",
                "/assets/uplot/dist/../package.json",
                "/assets/uplot/package.json",
                "/assets/uplot/",
                "/assets/",
                "/assets/index.html%00.js",
                "/assets/nothing.js",
                "/org/shmrt/web/ViewServer.class",
                "/META-INF/MANIFEST.MF",
                "/ws/",
                "//etc/passwd",
                "/etc/passwd"
            })
    void shouldServeTheFilesOfThePageOnly(String path) {
        view.start();

        String answer = get(own(), path);

        assertTrue(answer.matches("HTTP/1.1 40[04].*"), path + ": " + answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../%s", "x/../%s", "./%s", "%s/", "%s%%00", "..%%2F%s", "/etc/passwd", "%s.im.shm", ""})
    void shouldReachNoStreamByAPath(String pattern) throws IOException {
        Path inner = Files.createDirectory(view.scratch.directory().resolve("inner"));
        view.start(
                new ViewSettings(Scope.ofDirectory(inner), "127.0.0.1", 0, Optional.empty(), Optional.empty(), "test"));
        view.create("outside", DataType.UINT8, 4, 4).close();
        try (ViewPage page = view.page()) {
            String name = pattern.formatted(view.name("outside"));

            ViewPage.Message frame = page.ask("op", "frame", "id", 1, "stream", name.replace("%2F", "/"));
            HttpResponse<byte[]> saved = view.get("/save?as=npy&stream=" + name.replace("/", "%2F"));

            assertTrue(
                    frame.op().equals("error") || frame.text("why").equals("REMOVED"),
                    frame.json().toString());
            assertTrue(List.of(400, 404).contains(saved.statusCode()), "status " + saved.statusCode());
        }
    }

    @Test
    void shouldServeThePageAndItsPlots() {
        view.start();
        for (String path : List.of("/", "/assets/uplot/dist/uPlot.esm.js", "/assets/uplot/dist/uPlot.min.css")) {
            HttpResponse<byte[]> answer = view.get(path);
            String tag = answer.headers().firstValue("ETag").orElse("");

            assertEquals(200, answer.statusCode(), path);
            assertTrue(answer.body().length > 100, path);
            assertEquals(304, view.get(path, "If-None-Match", tag).statusCode(), path);
        }
    }

    @Test
    void shouldSendTheHeadersThatProtectThePage() {
        view.start();
        for (String path : List.of("/", "/assets/connection.js", "/nothing", "/save?stream=x&as=npy")) {
            HttpResponse<byte[]> answer = view.get(path);

            String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), path);
            assertTrue(policy.contains("frame-ancestors 'none'"), path);
            assertFalse(policy.contains("unsafe"), path);
            assertEquals(
                    "nosniff",
                    answer.headers().firstValue("X-Content-Type-Options").orElse(""),
                    path);
            assertEquals(
                    "no-referrer",
                    answer.headers().firstValue("Referrer-Policy").orElse(""),
                    path);
            assertTrue(
                    answer.headers().firstValue("Access-Control-Allow-Origin").isEmpty(), path);
            assertTrue(answer.headers().firstValue("Server").isEmpty(), path);
        }
    }

    @Test
    void shouldGiveNothingToAPageOfAnotherServer() {
        view.start();

        assertEquals(
                403,
                view.get("/save?stream=x&as=npy", "Sec-Fetch-Site", "cross-site")
                        .statusCode());
        assertEquals(
                403, view.get("/assets/view.js", "Sec-Fetch-Site", "same-site").statusCode());
        assertEquals(
                200,
                view.get("/assets/view.js", "Sec-Fetch-Site", "same-origin").statusCode());
        assertEquals(200, view.get("/", "Sec-Fetch-Site", "cross-site").statusCode(), "a link to the page");
    }

    @Test
    void shouldAnswerHeadWithoutTheBody() {
        view.start();

        String answer = view.rawHead("HEAD / HTTP/1.1\r\nHost: " + own() + "\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), "nothing after the headers: " + answer);
    }

    private ViewSettings withToken(Optional<ViewSettings.Tls> tls, String bind) {
        return new ViewSettings(view.settings().scope(), bind, 0, Optional.of(TOKEN), tls, "test");
    }

    @Test
    void shouldAskForTheToken() {
        view.start(withToken(Optional.empty(), "127.0.0.1"));

        assertEquals(401, view.get("/").statusCode());
        assertEquals(401, view.get("/assets/view.js").statusCode());
        assertEquals(401, view.get("/?token=wrong").statusCode());
        assertEquals(401, view.get("/?token=" + TOKEN.substring(1)).statusCode());
        assertEquals(401, view.get("/assets/view.js?token=" + TOKEN).statusCode());
        assertEquals(401, view.get("/", "Authorization", "Bearer wrong").statusCode());
        assertEquals(
                401,
                view.get("/", "Cookie", "shm-view-" + view.server().port() + "=wrong")
                        .statusCode());
        assertEquals(200, view.get("/", "Authorization", "Bearer " + TOKEN).statusCode());
        assertStatus(401, view.raw(view.upgrade(own(), "http://" + own())));
    }

    @Test
    void shouldExchangeTheTokenForACookie() {
        view.start(withToken(Optional.empty(), "127.0.0.1"));

        HttpResponse<byte[]> answer = view.get("/?token=" + TOKEN);

        assertEquals(303, answer.statusCode());
        assertEquals("/", answer.headers().firstValue("Location").orElse(""));
        String cookie = answer.headers().firstValue("Set-Cookie").orElse("");
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
        String given = cookie.substring(0, cookie.indexOf(';'));
        assertEquals(200, view.get("/", "Cookie", given).statusCode());
        try (ViewPage page = ViewPage.open(
                HttpClient.newHttpClient(), view.server().address(), ViewPage.Mode.READING, "Cookie", given)) {
            assertEquals("hello", page.ask("op", "hello", "id", 1).op());
        }
    }

    @Test
    void shouldListenOnOtherAddressesOnlyWithTokenAndEncryption() {
        for (String bind : List.of("0.0.0.0", "::")) {
            ViewSettings open =
                    new ViewSettings(view.settings().scope(), bind, 0, Optional.empty(), Optional.empty(), "test");

            IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> view.start(open));
            IllegalArgumentException noTls =
                    assertThrows(IllegalArgumentException.class, () -> view.start(withToken(Optional.empty(), bind)));

            assertTrue(none.getMessage().contains("without --token-file"), none.getMessage());
            assertTrue(noTls.getMessage().contains("without --tls"), noTls.getMessage());
        }
    }

    @Test
    void shouldEncryptWithTheKeyOfTheUser() throws IOException, GeneralSecurityException {
        ViewSettings.Tls tls = new ViewSettings.Tls(keyStore(), "secret");
        view.start(withToken(Optional.of(tls), "127.0.0.1"));
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(tls)).build();

        HttpResponse<byte[]> cookie = view.get(client, "/?token=" + TOKEN);
        HttpResponse<byte[]> page = view.get(client, "/", "Authorization", "Bearer " + TOKEN);

        assertEquals(303, cookie.statusCode());
        assertTrue(cookie.headers().firstValue("Set-Cookie").orElse("").contains("Secure"));
        assertEquals(200, page.statusCode());
        assertEquals(401, view.get(client, "/").statusCode());
        assertFalse(view.raw("GET / HTTP/1.1\r\nHost: " + own() + "\r\n\r\n").startsWith("HTTP/1.1 200"));
        try (ViewPage socket = ViewPage.open(
                client, view.server().address(), ViewPage.Mode.READING, "Authorization", "Bearer " + TOKEN)) {
            assertEquals("hello", socket.ask("op", "hello", "id", 1).op());
        }
        assertThrows(
                CompletionException.class,
                () -> ViewPage.open(client, view.server().address(), ViewPage.Mode.READING));
    }

    @Test
    void shouldServeOtherMachinesWithTokenAndEncryption() throws IOException, GeneralSecurityException {
        InetAddress outer = outerAddress();
        assumeTrue(outer != null, "this machine has no address but those of its loopback interface");
        ViewSettings.Tls tls = new ViewSettings.Tls(keyStore(), "secret");
        view.start(withToken(Optional.of(tls), "0.0.0.0"));
        // The name in the certificate is localhost: this test is about the name in the request.
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(tls)).build();

        assertEquals(
                200,
                view.get(client, "https://localhost:" + view.server().port() + "/", "Authorization", "Bearer " + TOKEN)
                        .statusCode());
    }

    private static InetAddress outerAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .orElse(null);
    }

    @Test
    void shouldExplainAKeyThatItCannotUse() throws IOException {
        ViewSettings.Tls wrongPassword = new ViewSettings.Tls(keyStore(), "wrong");
        Path noKey = Files.writeString(view.scratch.directory().resolve("no.p12"), "not a key store");

        for (ViewSettings.Tls tls : List.of(wrongPassword, new ViewSettings.Tls(noKey, "secret"))) {
            ShmException refused =
                    assertThrows(ShmException.class, () -> view.start(withToken(Optional.of(tls), "127.0.0.1")));

            assertTrue(refused.getMessage().contains("cannot use the key in " + tls.keyStore()), refused.getMessage());
            assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
        }
    }

    @Test
    void shouldSayThatAPortIsInUse() {
        view.start();
        int port = view.server().port();
        ViewSettings same = new ViewSettings(
                view.settings().scope(), "127.0.0.1", port, Optional.empty(), Optional.empty(), "test");

        ShmException refused = assertThrows(ShmException.class, () -> ViewServer.start(same, ViewFixture.REPORTS));

        assertEquals(
                "cannot listen on 127.0.0.1 port " + port
                        + ": another program uses the port; give another one with --port, or 0 for any",
                refused.getMessage());
    }

    /** A new key with a certificate for localhost and 127.0.0.1. */
    private Path keyStore() {
        Path file = view.scratch.directory().resolve("key.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        assumeTrue(Files.isExecutable(keytool), "this Java has no keytool");
        assertTrue(ExternalCommand.succeeds(
                (keytool + " -genkeypair -keystore " + file + " -storetype PKCS12 -storepass secret -alias view"
                                + " -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1 -validity 2")
                        .split(" ")));
        return file;
    }

    private static SSLContext trusting(ViewSettings.Tls tls) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(tls.keyStore())) {
            store.load(in, tls.password().toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("view", store.getCertificate("view"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
