package io.spinwire.daemon.service;

/**
 * A page of the HTTP service, rendered for each request on the engine thread.
 *
 * @param path where it is found, {@code /status.json}
 * @param contentType value of the Content-Type field
 * @param renderer writes the body
 */
public record HttpPage(String path, String contentType, Renderer renderer) {

    /** Writes a page's body; must not block. */
    @FunctionalInterface
    public interface Renderer {
        void render(TextBuffer out);
    }
}
