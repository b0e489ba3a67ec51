package io.spinwire.daemon.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpServiceTest {
    private static final int ROOM = 1 << 20;
    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private final HttpService service =
            new HttpService(List.of(new HttpPage("/hello", "text/plain", out -> out.text("good day"))));
    private final FakeSocket socket = new FakeSocket(service, ROOM).connect();

    @Test
    void shouldAnswerWithPageAndStayOpenWhenGet() {
        final String response = socket.receive(HELLO).takeSent();
        assertTrue(
                response.startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"), response);
        assertTrue(response.endsWith("\r\n\r\ngood day"), response);
        assertFalse(socket.isOutputShut());
        assertEquals(response, socket.receive(HELLO).takeSent());
    }

    @Test
    void shouldSendLengthButNoBodyWhenHead() {
        final String response = socket.receive(HELLO.replace("GET", "HEAD")).takeSent();
        assertTrue(response.contains("Content-Length: 8\r\n"), response);
        assertTrue(response.endsWith("\r\n\r\n"), response);
    }

    @Test
    void shouldAnswerEachWhenPipelined() {
        final String three = socket.receive(HELLO + HELLO + HELLO).takeSent();
        final String one = socket.receive(HELLO).takeSent();
        assertEquals(one.repeat(3), three);
    }

    @Test
    void shouldAnswerTheSameWhenRequestArrivesByteByByte() {
        final String whole = socket.receive(HELLO + HELLO).takeSent();
        for (final char c : (HELLO + HELLO).toCharArray()) {
            socket.receive(String.valueOf(c));
        }
        assertEquals(whole, socket.takeSent());
    }

    @Test
    void shouldAnswerTheSameWhenRequestsAreCutAnywhere() {
        final String text = HELLO + HELLO.replace("GET", "HEAD") + HELLO;
        final String whole = socket.receive(text).takeSent();
        for (int cut = 1; cut < text.length(); cut++) {
            final String parts = socket.receive(text.substring(0, cut))
                    .receive(text.substring(cut))
                    .takeSent();
            assertEquals(whole, parts, "cut at " + cut);
        }
    }

    @Test
    void shouldHoldBackPipelinedRequestsWhenPeerDoesNotRead() {
        final FakeSocket slow = new FakeSocket(service, 10).connect();
        slow.receive(HELLO + HELLO);
        assertEquals(HELLO.length(), slow.available());
        final StringBuilder all = new StringBuilder(slow.takeSent());
        for (int i = 0; i < 100; i++) {
            all.append(slow.grant(7).takeSent());
        }
        assertEquals(socket.receive(HELLO + HELLO).takeSent(), all.toString());
    }

    @Test
    void shouldSendManyBytesWhenLoadIsAskedFor() {
        final FakeSocket reader = new FakeSocket(service, 1000).connect();
        reader.receive("GET /bytes/300000 HTTP/1.1\r\nHost: a\r\n\r\n" + HELLO);
        for (int i = 0; i < 400; i++) {
            reader.grant(1000);
        }
        final String all = reader.takeSent();
        assertTrue(all.contains("Content-Length: 300000\r\n"));
        assertTrue(all.contains("x".repeat(300000) + "HTTP/1.1 200 OK"));
        assertTrue(all.endsWith("good day"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/bytes/", "/bytes/-1", "/bytes/1x", "/bytes/99999999999999", "/hell", "/hello/"})
    void shouldAnswer404AndStayOpenWhenPathIsUnknown(String path) {
        final String response =
                socket.receive("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").takeSent();
        assertTrue(response.startsWith("HTTP/1.1 404 Not Found\r\n"), response);
        assertTrue(socket.receive(HELLO).takeSent().startsWith("HTTP/1.1 200"));
    }

    @Test
    void shouldAnswer405AndSkipBodyWhenMethodIsPost() {
        final String post = "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345";
        final String response = socket.receive(post + HELLO).takeSent();
        assertTrue(response.startsWith("HTTP/1.1 405 Method Not Allowed\r\n"), response);
        assertTrue(response.contains("Allow: GET, HEAD\r\n"), response);
        assertTrue(response.endsWith("good day"), response);
    }

    @Test
    void shouldCloseWhenClientAsksForIt() {
        final String response = socket.receive("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: foo , Close\r\n\r\n")
                .takeSent();
        assertTrue(response.contains("Connection: close\r\n"), response);
        assertTrue(socket.isOutputShut());
        assertEquals(CloseReason.NORMAL, socket.peerCloses().closed);
    }

    @Test
    void shouldCloseAfterResponseWhenHttp10() {
        assertTrue(socket.receive("GET /hello HTTP/1.0\r\n\r\n").takeSent().endsWith("good day"));
        assertTrue(socket.isOutputShut());
    }

    @Test
    void shouldStayOpenWhenHttp10AsksForKeepAlive() {
        socket.receive("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
        assertFalse(socket.isOutputShut());
    }

    @Test
    void shouldIgnoreQueryAndTakeAbsoluteForm() {
        assertTrue(
                socket.receive(HELLO.replace("/hello", "/hello?a=b")).takeSent().endsWith("good day"));
        assertTrue(socket.receive(HELLO.replace("/hello", "http://a:8/hello"))
                .takeSent()
                .endsWith("good day"));
    }

    @Test
    void shouldAnswer431AndDrainWhenHeadIsTooLong() {
        final String field = "X: " + "y".repeat(9000) + "\r\n\r\n";
        final String response =
                socket.receive("GET /hello HTTP/1.1\r\nHost: a\r\n" + field).takeSent();
        assertTrue(response.startsWith("HTTP/1.1 431 "), response);
        assertTrue(socket.isOutputShut());
        assertEquals(0, socket.available());
        assertEquals("", socket.receive(HELLO).takeSent());
    }

    @Test
    void shouldAbortWhenPeerGoesOnSendingAfterError() {
        socket.receive("nonsense\r\n\r\n");
        socket.receive(new byte[2 << 20]);
        assertEquals(CloseReason.ABORTED, socket.closed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /hello\r\n",
                "GET  /hello HTTP/1.1\r\nHost: a\r\n",
                "G(T /hello HTTP/1.1\r\nHost: a\r\n",
                "GET hello HTTP/1.1\r\nHost: a\r\n",
                "GET /hello HTTP/1.1\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
                "GET /hello HTTP/1.1\r\nHost : a\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\n folded\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nnocolon\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                "GET /hel\u0001lo HTTP/1.1\r\nHost: a\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\u0000b\r\n",
                "\u0016\u0003\u0001 tls? no\r\n"
            })
    void shouldAnswer400AndCloseWhenRequestIsMalformed(String head) {
        final String response = socket.receive(head + "\r\n").takeSent();
        assertTrue(response.startsWith("HTTP/1.1 400 Bad Request\r\n"), response);
        assertTrue(socket.isOutputShut());
    }

    @Test
    void shouldNameTheReasonWhenNotSupported() {
        final String chunked = "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertTrue(socket.receive(chunked).takeSent().startsWith("HTTP/1.1 501 "));
        final FakeSocket other = new FakeSocket(service, ROOM).connect();
        assertTrue(other.receive("GET / HTTP/2.0\r\nHost: a\r\n\r\n").takeSent().startsWith("HTTP/1.1 505 "));
        final FakeSocket large = new FakeSocket(service, ROOM).connect();
        assertTrue(large.receive("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n")
                .takeSent()
                .startsWith("HTTP/1.1 413 "));
    }

    @Test
    void shouldAnswerWhenOnlyLineFeedsEndTheLines() {
        assertTrue(socket.receive("\r\n\nGET /hello HTTP/1.1\nHost: a\n\n")
                .takeSent()
                .endsWith("good day"));
    }

    @Test
    void shouldSendAllBeforeClosingWhenPeerClosedEarly() {
        final FakeSocket slow = new FakeSocket(service, 10).connect();
        slow.receive(HELLO).peerCloses();
        assertEquals(CloseReason.NONE, slow.closed);
        slow.grant(1000);
        assertEquals(CloseReason.NORMAL, slow.closed);
        assertTrue(slow.takeSent().endsWith("good day"));
    }

    @Test
    void shouldStartAfreshWhenConnectionStateIsUsedAgain() {
        socket.receive("GET /hel").end(CloseReason.RESET);
        final FakeSocket next = new FakeSocket(service, ROOM).connect();
        assertTrue(next.receive(HELLO).takeSent().endsWith("good day"));
    }

    @Test
    void shouldCloseInOrderWhenIdleBetweenRequests() {
        pass(HttpService.IDLE_SECONDS - 1);
        socket.receive(HELLO);
        pass(HttpService.IDLE_SECONDS - 1);
        assertFalse(socket.isOutputShut());
        pass(1);
        assertTrue(socket.isOutputShut());
        assertEquals(CloseReason.NORMAL, socket.peerCloses().closed);
    }

    @Test
    void shouldAnswer408WhenRequestIsNotCompletedByteAfterByte() {
        for (int i = 0; i < HttpService.IDLE_SECONDS; i++) {
            assertEquals("", socket.receive(HELLO.substring(i % 20, i % 20 + 1)).takeSent());
            pass(1);
        }
        assertTrue(socket.takeSent().startsWith("HTTP/1.1 408 Request Timeout\r\n"));
        assertTrue(socket.isOutputShut());
        pass(HttpService.IDLE_SECONDS);
        assertEquals(CloseReason.ABORTED, socket.closed);
    }

    @Test
    void shouldResetWhenPeerDoesNotTakeItsResponseButNotWhenItIsSlow() {
        final FakeSocket slow = new FakeSocket(service, 10).connect();
        slow.receive("GET /bytes/300000 HTTP/1.1\r\nHost: a\r\n\r\n");
        for (int i = 0; i < 3 * HttpService.IDLE_SECONDS; i++) {
            slow.grant(10);
            pass(1);
        }
        assertEquals(CloseReason.NONE, slow.closed);
        pass(HttpService.IDLE_SECONDS);
        assertEquals(CloseReason.ABORTED, slow.closed);
    }

    @Test
    void shouldFindEveryIdleOneWhenThereAreMoreThanOneSweepLooksAt() {
        final List<FakeSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 3 * HttpService.SWEEP_LIMIT; i++) {
            sockets.add(new FakeSocket(service, ROOM).connect());
        }
        for (int i = 0; i < sockets.size(); i += 2) {
            sockets.get(i).end(CloseReason.RESET);
        }
        pass(HttpService.IDLE_SECONDS + 3);
        for (int i = 1; i < sockets.size(); i += 2) {
            assertTrue(sockets.get(i).isOutputShut(), "socket " + i);
        }
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            service.onSecond();
        }
    }
}
