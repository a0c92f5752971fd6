package org.shmrt.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The files of the page, from the jar: {@code /}, {@code /assets/FILE}, and {@code /assets/uplot/FILE} from uPlot's
 * jar. Only names of a fixed form are looked up, so no path leads elsewhere.
 */
final class PageHandler extends Handler.Abstract.NonBlocking {
    private static final Pattern FILE = Pattern.compile("[a-z0-9][a-z0-9-]*\\.(?:js|css|svg|html|png|woff2)");
    private static final Pattern UPLOT_FILE = Pattern.compile("dist/uPlot\\.(?:esm\\.js|min\\.css)");
    private static final String ASSETS = "/assets/";
    private static final String UPLOT = "uplot/";
    private static final String UPLOT_ROOT = "META-INF/resources/webjars/uplot/1.6.30/";
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2");

    private final SavedFrame saved;
    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    /** A file of the page. */
    private record Asset(byte[] bytes, String type, String tag) {}

    PageHandler(SavedFrame saved) {
        this.saved = saved;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (path.equals("/save")) {
            saved.handle(request, response, callback);
            return true;
        }
        Optional<Asset> asset = asset(path);
        if (asset.isEmpty()) {
            Replies.error(response, 404, "there is nothing at this address", callback);
            return true;
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response.getHeaders().put(HttpHeader.ETAG, asset.get().tag());
        if (asset.get().tag().equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
            response.setStatus(304);
            callback.succeeded();
            return true;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, asset.get().type());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, asset.get().bytes().length);
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? null : ByteBuffer.wrap(asset.get().bytes()), callback);
        return true;
    }

    private Optional<Asset> asset(String path) {
        if (path.equals("/")) {
            return load("page/index.html");
        }
        if (!path.startsWith(ASSETS)) {
            return Optional.empty();
        }
        String name = path.substring(ASSETS.length());
        if (name.startsWith(UPLOT)) {
            String file = name.substring(UPLOT.length());
            return UPLOT_FILE.matcher(file).matches() ? load("/" + UPLOT_ROOT + file) : Optional.empty();
        }
        return FILE.matcher(name).matches() ? load("page/" + name) : Optional.empty();
    }

    private Optional<Asset> load(String resource) {
        Asset known = assets.get(resource);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = open(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            CRC32C sum = new CRC32C();
            sum.update(bytes);
            String tag = '"' + HexFormat.of().toHexDigits(sum.getValue()) + '"';
            Asset asset = new Asset(bytes, TYPES.get(resource.substring(resource.lastIndexOf('.') + 1)), tag);
            if (System.getProperty("shmrt.view.reload") == null) {
                assets.put(resource, asset); // else the page is being developed
            }
            return Optional.of(asset);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static InputStream open(String resource) {
        return resource.startsWith("/")
                ? PageHandler.class.getClassLoader().getResourceAsStream(resource.substring(1))
                : PageHandler.class.getResourceAsStream(resource);
    }
}
