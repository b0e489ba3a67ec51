/* What lwIP asks of a compiler: gcc or clang on Linux, little-endian. */
#ifndef SPINWIRE_ARCH_CC_H
#define SPINWIRE_ARCH_CC_H

#include <stdlib.h>

/* Neither assertions nor messages are compiled in. */
#define LWIP_NOASSERT
#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x) abort()

/* One instruction each, where lwIP's own are function calls. */
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

#define LWIP_RAND() ((u32_t)rand())

#endif
