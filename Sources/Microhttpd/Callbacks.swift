import Addresses
import CMicrohttpd
import Glibc
import HTTP

/// What the library calls, in its own threads.
enum Callbacks {
    /// A connection has come, or gone.
    static let connection: MHD_NotifyConnectionCallback = { context, pointer, slot, event in
        guard let context = unsafe context, let pointer = unsafe pointer, let slot = unsafe slot
        else { return }
        if event == .CONNECTION_NOTIFY_STARTED {
            let reception = unsafe reception(context)
            let address = unsafe slipway_http_peer(pointer).flatMap { unsafe IPAddress($0) }
            let client = reception.doorkeeper.enter(
                descriptor: unsafe slipway_http_descriptor(pointer), address: address)
            unsafe slot.pointee = Unmanaged.passRetained(client).toOpaque()
        } else if let kept = unsafe slot.pointee {
            let client = unsafe Unmanaged<Client>.fromOpaque(kept).takeRetainedValue()
            unsafe reception(context).doorkeeper.leave(client)
            unsafe slot.pointee = nil
        }
    }

    /// The first line of a request is here. What it gives comes back in `handle` and `completed`.
    static let begin:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?
        ) -> UnsafeMutableRawPointer? = { context, target, pointer in
            guard let context = unsafe context, let target = unsafe target,
                let pointer = unsafe pointer,
                let kept = unsafe slipway_http_socket_context(pointer)
            else { return nil }
            let reception = unsafe reception(context)
            let client = unsafe Unmanaged<Client>.fromOpaque(kept).takeUnretainedValue()
            let exchange = Exchange(
                unsafe Connection(pointer: pointer), target: unsafe latin(target),
                length: unsafe strlen(target), client: client, at: reception)
            unsafe slipway_http_drop_query(target)
            reception.doorkeeper.begin(exchange, of: client)
            return unsafe Unmanaged.passRetained(exchange).toOpaque()
        }

    /// Its head is here, or some of its body, or its end; or it has been resumed.
    static let handle: MHD_AccessHandlerCallback = {
        _, pointer, target, method, version, bytes, count, slot in
        guard let pointer = unsafe pointer, let method = unsafe method, let count = unsafe count,
            let target = unsafe target, let version = unsafe version,
            let kept = unsafe slot?.pointee
        else { return .NO }
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(kept).takeUnretainedValue()
        let connection = unsafe Connection(pointer: pointer)
        if !exchange.hasBegun {
            let headers = unsafe headers(of: pointer)
            let isWhole = unsafe slipway_http_is_whole(target, exchange.targetLength, version) != 0
            guard isWhole else {
                let problem = RequestProblem.notWhole
                return take(.refuse(problem.response), exchange, connection)
            }
            let step = exchange.begin(
                method: unsafe latin(method), version: unsafe latin(version), headers: headers)
            return take(step, exchange, connection)
        }
        if unsafe count.pointee > 0, let bytes = unsafe bytes {
            let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: count.pointee)
            unsafe count.pointee = 0
            return take(unsafe exchange.take(piece), exchange, connection)
        }
        guard let response = exchange.proceed() else { return .YES }
        return Sending.send(response, to: exchange, on: connection)
    }

    /// It is over, well or not.
    static let completed: MHD_RequestCompletedCallback = { _, _, slot, _ in
        guard let slot = unsafe slot, let kept = unsafe slot.pointee else { return }
        unsafe slot.pointee = nil
        unsafe Unmanaged<Exchange>.fromOpaque(kept).takeRetainedValue().end()
    }

    private static func take(
        _ step: Intake.Step, _ exchange: Exchange, _ connection: Connection
    ) -> MHD_Result {
        switch step {
        case .readOn: .YES
        case .hangUp: .NO
        case .refuse(let response): Sending.send(response, to: exchange, on: connection)
        }
    }

    private static func reception(_ context: UnsafeMutableRawPointer) -> Reception {
        unsafe Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
    }

    /// Nothing if one of them is not a line of its own.
    private static func headers(of connection: OpaquePointer) -> Headers? {
        let collected = Collected()
        let context = unsafe Unmanaged.passUnretained(collected).toOpaque()
        unsafe MHD_get_connection_values_n(connection, .HEADER_KIND, collect, context)
        return collected.isTorn ? nil : Headers(collected.fields)
    }

    private final class Collected {
        var fields: [Field] = []
        var isTorn = false
    }

    private static let collect: MHD_KeyValueIteratorN = {
        context, _, name, nameLength, value, valueLength in
        guard let context = unsafe context else { return .NO }
        let collected = unsafe Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue()
        let field = Field(
            unsafe latin(UnsafeRawBufferPointer(start: name, count: nameLength)),
            unsafe latin(UnsafeRawBufferPointer(start: value, count: valueLength)))
        collected.fields.append(field)
        if unsafe slipway_http_is_one_line(name, nameLength, value, valueLength) == 0 {
            collected.isTorn = true
        }
        return .YES
    }

    private static func latin(_ text: UnsafePointer<CChar>) -> String {
        unsafe latin(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// UTF-8 where it is that. Where it is not, each byte is a letter, so that none is lost and
    /// whoever checks it sees what is wrong.
    private static func latin(_ bytes: UnsafeRawBufferPointer) -> String {
        if let text = unsafe String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: unsafe bytes.map { Unicode.Scalar($0) })
        return String(text)
    }
}
