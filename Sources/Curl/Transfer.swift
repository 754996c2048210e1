import Addresses
import CCurl
import Glibc
package import HTTP

/// A call under way. What has come of its answer is taken out of it bit by bit.
@safe package final class Transfer {
    let handle: UnsafeMutableRawPointer
    let words: UnsafeMutablePointer<CChar>
    private let lines: UnsafeMutablePointer<curl_slist>?
    private let addresses: AddressPolicy
    private let taking: Call.Taking
    private var head = AnswerHead()
    private var received: [UInt8] = []
    private var isPaused = false
    private var isTooLong = false
    private var refusal: String?
    private var sending: Sending?
    package private(set) var isDone = false
    /// Why it ended before the answer had.
    package private(set) var problem: CallProblem?

    init(_ call: Call) throws(CallProblem) {
        try call.check()
        let lines = try call.headerLines()
        guard let handle = unsafe slipway_curl_easy_init() else {
            throw CallProblem(.system, "libcurl cannot begin")
        }
        unsafe self.handle = handle
        unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe self.lines = lines.reduce(nil) { list, line in
            unsafe slipway_curl_slist_append(list, line)
        }
        addresses = call.addresses
        taking = call.taking
        _ = unsafe slipway_curl_headers(handle, self.lines)
        call.configure(self)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe slipway_curl_receive(handle, Self.receiveBody, Self.receiveHeader, context)
        if case .url = call.place {
            _ = unsafe slipway_curl_sockets(handle, Self.openSocket, context)
        }
    }

    deinit {
        unsafe slipway_curl_easy_cleanup(handle)
        unsafe slipway_curl_slist_free_all(lines)
        unsafe words.deallocate()
    }

    /// The status of the answer, as soon as it has begun.
    package var status: Int? {
        let status = unsafe slipway_curl_status(handle)
        return status > 0 ? status : nil
    }

    /// Those of the answer, as far as they have come.
    package var headers: Headers { head.headers }

    /// Something of the answer can be taken.
    package var holds: Bool { !received.isEmpty }

    /// How much of a part of a file is on its way.
    package var sent: Int { sending?.position ?? 0 }

    func send(_ part: FilePart) {
        let sending = Sending(part)
        self.sending = sending
        unsafe sending.configure(handle)
    }

    /// What has come since it was asked for last.
    package func take() -> [UInt8] {
        let taken = received
        received = []
        if isPaused {
            isPaused = false
            // What libcurl held back is received before this returns.
            unsafe slipway_curl_easy_pause(handle, CURLPAUSE_CONT)
        }
        return taken
    }

    func end(_ code: CURLcode) {
        isDone = true
        guard code != CURLE_OK else { return }
        if let refusal, code == CURLE_COULDNT_CONNECT {
            problem = CallProblem(.refusedAddress, "the address is refused: \(refusal)")
        } else if let problem = sending?.problem, code == CURLE_ABORTED_BY_CALLBACK {
            self.problem = CallProblem(.unreadBody, problem)
        } else if isTooLong, code == CURLE_WRITE_ERROR {
            problem = CallProblem(
                .tooLong, unsafe String(cString: slipway_curl_easy_strerror(code)))
        } else {
            problem = CallProblem(code: code, detail: unsafe String(cString: words))
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch taking {
        case .whole(let limit):
            isTooLong = received.count + bytes.count > limit
            if isTooLong { return 0 }
        case .stream(let buffer):
            if !received.isEmpty, received.count + bytes.count > buffer {
                isPaused = true
                return slipway_curl_pause()
            }
        }
        unsafe received.append(contentsOf: bytes)
        return bytes.count
    }

    private func admits(_ address: IPAddress) -> Bool {
        refusal = addresses.problem(with: address)
        return refusal == nil
    }
}

extension Transfer {
    private static func of(_ context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private static var receiveBody: slipway_curl_receiver {
        { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe Transfer.of(context).receive(piece)
        }
    }

    private static var receiveHeader: slipway_curl_receiver {
        { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe Transfer.of(context).head.feed(line) ? size * count : 0
        }
    }

    /// Makes the socket for each address that a name leads to, if that may be spoken with.
    private static var openSocket: curl_opensocket_callback {
        { context, _, wanted in
            guard let wanted = unsafe wanted, let context = unsafe context else { return -1 }
            let address = unsafe withUnsafePointer(to: &wanted.pointee.addr) { address in
                unsafe IPAddress(address)
            }
            guard let address, unsafe Transfer.of(context).admits(address) else { return -1 }
            let kind = unsafe wanted.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
            return unsafe socket(wanted.pointee.family, kind, wanted.pointee.protocol)
        }
    }
}
