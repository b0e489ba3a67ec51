/**
 * TCP: RFC 9293 with Linux's values. A segment comes in through {@code TcpInput}, takes the {@code FastPath} or the
 * {@code SlowPath}, its ACK goes to {@code AckProcessor} and {@code Recovery}, its bytes through {@code DataQueue} to
 * {@code Delivery} and the application. What is to be sent waits in the {@code OutputList} until the turn's output
 * step, in which {@code TcpOutput} decides, {@code Transmit} makes the segment and IP takes it. All state of a
 * connection is in {@code TcpSock}. Engine thread only, except where another thread holds the socket. Imports
 * everything below; {@link io.spinwire.tcp.Tcp} is what the engine sees.
 *
 * <p>Where to look, room by room:
 *
 * <pre>
 * Put together       Tcp TcpSetup; Foundation SendingRooms ReceivingRooms RecoveryRooms TellingRooms OpeningRooms
 *                    ListeningRooms
 * A socket           TcpSock SockShared SockRx SockTx SockCold; SockPool SockInvariants SockEnd NobodysEnd Setbacks
 *                    SetbackPool Chrono RtoRun
 * Found again        TcpTable Listeners Listener Records SecretHash NextId
 * Segments in        TcpInput Segment FastPath SlowPath SegmentDrops
 * ACKs               AckProcessor AckResult RtxCleaner Scoreboard RttEstimator LeastRtt DeliveryRate
 * Data in            DataQueue ReceiveWindow ReceiveTuning AckPolicy Urgent EcnInput
 * Loss recovery      Recovery Reduction Rack LossProbe LossState LossMarks RenoSacks Undo Retransmit
 * Congestion         CongestionSignals CongestionValidation Pacing EcnOutput, package cc
 * Sending            OutputList TcpOutput Deferral FreshSegments Probing Nagle PushMarks SegmentSize SendSpace
 *                    SmallQueues LentQueues
 * Segments out       Transmit OutSegment SegmentSender ResetReply PendingResets
 * Timers             SockTimers TcpTimers XmitTimer RequestTimers
 * Path MTU           IcmpErrors IcmpMeaning PathMtu MtuProber MtuSearch
 * Opening            Opening Connecting ActiveOpen LocalPorts SocketMaking
 * Listening          PassiveOpen RequestTable RequestReplies Negotiation Acceptance SynCookies CookieOpen
 * Fast Open          FastOpenServer FastOpenChild FastOpenQueue FastOpenCookies FastOpenClient FastOpenBlackHole
 * Between connections  PathMetrics PathTable
 * Ending             Teardown TimeWaitTable
 * Telling            OwedList SockFifo Delivery HandlerCalls FrameBytes RingReading MemoryWaiters PollBits
 * Inline sockets     InlineSocket InlineWriting Apart OptionChanges Figures
 * Other threads      QueuedSocket QueuedInput QueuedOutput QueuedWords QueuedOptions QueuedEnd QueuedListener
 *                    QueuedConnecting Applications EngineBell
 * Their pollers      ReadyPoller ReadyList PlaceList Pollable
 * </pre>
 */
package io.spinwire.tcp;
