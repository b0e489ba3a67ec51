/* One lwIP, as the program that joins two of them sees it. Each is a shared object of its own: lwIP's state is global. */
#ifndef SPINWIRE_STACK_H
#define SPINWIRE_STACK_H

#include <stdbool.h>
#include <stdint.h>

#define MESSAGE_BYTES 64
#define STACK_SYMBOL "spinwire_stack"

/* What is called of a stack, and what it counts. */
struct stack {
    /* Starts it as host 10.0.0.HOST, with the other end of the wire, before anything else is called. */
    void (*start)(struct stack *self, struct stack *other, uint8_t host);
    /* Answers at port 7: echoes, or takes what comes. */
    bool (*listen)(bool is_echo);
    /* Connects to 10.0.0.HOST, port 7. */
    bool (*connect)(uint8_t host);
    /* Looks at all frames that have come, then at timers; the time is in milliseconds. */
    void (*turn)(uint32_t now_ms);
    /* Sends the first message; each that is back brings about the next. */
    bool (*ping)(void);
    /* Fills the send buffer and sends what the windows allow. */
    void (*fill)(void);
    /* A place for a frame that comes in, or NULL where it is dropped. */
    void *(*place)(uint16_t length);
    /* The next frame sent has one bit of this byte wrong. */
    void (*corrupt)(uint16_t offset);

    bool is_connected;
    uint64_t messages; /* that came back whole and in order */
    uint64_t faults;   /* messages that did not, writes refused, frames dropped for want of room */
    uint64_t bytes;    /* delivered where nothing is echoed */
    uint64_t frames;   /* sent */
    uint64_t frame_bytes;
};

#endif
