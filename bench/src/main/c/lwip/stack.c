/*
 * One lwIP with one interface, whose frames are copied into the receive buffers of the other: the one copy that any
 * driver makes whose frames are not lwIP's. Applications are callbacks of the raw API, as lwIP's manual has them.
 */
#include "stack.h"

#include <string.h>

#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define PORT 7
#define MTU 1500
#define RING_FRAMES 1024 /* a power of two */
#define CHUNK_BYTES 65535 /* the most that tcp_write() takes */

static struct stack *self;
static struct stack *other;
static struct netif nic;
static struct tcp_pcb *connection; /* of the end that sends */
static struct pbuf *ring[RING_FRAMES];
static unsigned head; /* next frame to look at */
static unsigned tail; /* next place */
static uint32_t now;
static uint16_t corrupted;
static uint8_t message[MESSAGE_BYTES];
static uint8_t chunk[CHUNK_BYTES];

u32_t sys_now(void) {
    return now;
}

/* --- the interface --- */

static void *place(uint16_t length) {
    struct pbuf *frame = tail - head < RING_FRAMES ? pbuf_alloc(PBUF_RAW, length, PBUF_POOL) : NULL;
    if (frame == NULL) {
        self->faults++;
        return NULL;
    }
    ring[tail++ & (RING_FRAMES - 1)] = frame;
    return frame->payload; /* in one piece: PBUF_POOL_BUFSIZE is a whole frame */
}

static err_t transmit(struct netif *netif, struct pbuf *frame) {
    LWIP_UNUSED_ARG(netif);
    uint8_t *to = other->place(frame->tot_len);
    if (to == NULL) {
        return ERR_BUF;
    }
    for (const struct pbuf *part = frame; part != NULL; part = part->next) {
        memcpy(to, part->payload, part->len);
        to += part->len;
    }
    self->frames++;
    self->frame_bytes += frame->tot_len;
    return ERR_OK;
}

/* Puts the frame back as it was: lwIP sends it again from the same buffer. */
static err_t transmit_corrupted(struct netif *netif, struct pbuf *frame) {
    uint8_t *wrong = (uint8_t *)frame->payload + corrupted;
    netif->linkoutput = transmit;
    *wrong ^= 1;
    const err_t result = transmit(netif, frame);
    *wrong ^= 1;
    return result;
}

static void corrupt(uint16_t offset) {
    corrupted = offset;
    nic.linkoutput = transmit_corrupted;
}

static err_t init_nic(struct netif *netif) {
    netif->name[0] = 's';
    netif->name[1] = 'w';
    netif->mtu = MTU;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    netif->output = etharp_output;
    netif->linkoutput = transmit;
    return ERR_OK;
}

static void start(struct stack *me, struct stack *peer, uint8_t host) {
    ip4_addr_t address;
    ip4_addr_t mask;
    ip4_addr_t gateway;
    self = me;
    other = peer;
    IP4_ADDR(&address, 10, 0, 0, host);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gateway, 0, 0, 0, 0);
    lwip_init();
    nic.hwaddr[0] = 2; /* locally administered */
    nic.hwaddr[ETH_HWADDR_LEN - 1] = host;
    netif_add(&nic, &address, &mask, &gateway, NULL, init_nic, ethernet_input);
    netif_set_default(&nic);
}

static void turn(uint32_t now_ms) {
    now = now_ms;
    while (head != tail) {
        struct pbuf *frame = ring[head++ & (RING_FRAMES - 1)];
        if (nic.input(frame, &nic) != ERR_OK) {
            pbuf_free(frame);
        }
    }
    sys_check_timeouts();
}

/* --- the end that answers --- */

static err_t on_echo(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t err) {
    LWIP_UNUSED_ARG(arg);
    LWIP_UNUSED_ARG(err);
    if (data == NULL) {
        return tcp_close(pcb);
    }
    for (const struct pbuf *part = data; part != NULL; part = part->next) {
        if (tcp_write(pcb, part->payload, part->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
            self->faults++;
        }
    }
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK; /* tcp_input() sends what was written when this has returned */
}

static err_t on_sink(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t err) {
    LWIP_UNUSED_ARG(arg);
    LWIP_UNUSED_ARG(err);
    if (data == NULL) {
        return tcp_close(pcb);
    }
    self->bytes += data->tot_len;
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
}

static err_t on_accept_echo(void *arg, struct tcp_pcb *pcb, err_t err) {
    LWIP_UNUSED_ARG(arg);
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, on_echo);
    return err;
}

static err_t on_accept_sink(void *arg, struct tcp_pcb *pcb, err_t err) {
    LWIP_UNUSED_ARG(arg);
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, on_sink);
    return err;
}

static bool listen_at_port(bool is_echo) {
    netif_set_up(&nic);
    struct tcp_pcb *pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, PORT) != ERR_OK) {
        return false;
    }
    pcb = tcp_listen(pcb);
    tcp_accept(pcb, is_echo ? on_accept_echo : on_accept_sink);
    return pcb != NULL;
}

/* --- the end that asks --- */

static bool send_message(struct tcp_pcb *pcb) {
    memcpy(message, &self->messages, sizeof self->messages);
    if (tcp_write(pcb, message, MESSAGE_BYTES, TCP_WRITE_FLAG_COPY) != ERR_OK) {
        self->faults++;
        return false;
    }
    return true;
}

static err_t on_answer(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t err) {
    LWIP_UNUSED_ARG(arg);
    LWIP_UNUSED_ARG(err);
    if (data == NULL) {
        return tcp_close(pcb);
    }
    if (data->len != MESSAGE_BYTES || memcmp(data->payload, message, MESSAGE_BYTES) != 0) {
        self->faults++;
    }
    self->messages++;
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    send_message(pcb);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err) {
    LWIP_UNUSED_ARG(arg);
    LWIP_UNUSED_ARG(pcb);
    self->is_connected = err == ERR_OK;
    return err;
}

static bool connect_to(uint8_t host) {
    ip_addr_t address;
    netif_set_up(&nic);
    IP_ADDR4(&address, 10, 0, 0, host);
    connection = tcp_new();
    if (connection == NULL) {
        return false;
    }
    tcp_nagle_disable(connection);
    tcp_recv(connection, on_answer);
    return tcp_connect(connection, &address, PORT, on_connected) == ERR_OK;
}

static bool ping(void) {
    return send_message(connection) && tcp_output(connection) == ERR_OK;
}

static void fill(void) {
    tcpwnd_size_t room;
    while ((room = tcp_sndbuf(connection)) >= TCP_MSS) {
        const uint16_t length = LWIP_MIN(room, CHUNK_BYTES);
        if (tcp_write(connection, chunk, length, TCP_WRITE_FLAG_COPY) != ERR_OK) {
            break; /* the queue is full */
        }
    }
    tcp_output(connection);
}

__attribute__((visibility("default"))) struct stack spinwire_stack = {
    .start = start,
    .listen = listen_at_port,
    .connect = connect_to,
    .turn = turn,
    .ping = ping,
    .fill = fill,
    .place = place,
    .corrupt = corrupt,
};
