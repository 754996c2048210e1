package import HTTP

/// Finds what a request is for.
package struct Router: Sendable {
    package let routes: [Route]

    package init(_ routes: [Route]) { self.routes = routes }

    package enum Way: Sendable {
        case found(Route, Parameters)
        /// The path is good for these.
        case otherMethod([Request.Method])
        case nowhere
    }

    /// A `HEAD` is a `GET` without the answer's body, which the server leaves out.
    package func way(for method: Request.Method, _ path: [String]) -> Way {
        let wanted = method == .head ? .get : method
        var others: [Request.Method] = []
        for route in routes {
            guard let parameters = route.parameters(in: path) else { continue }
            if route.method == wanted { return .found(route, parameters) }
            if !others.contains(route.method) { others.append(route.method) }
        }
        if others.isEmpty { return .nowhere }
        if others.contains(.get) { others.append(.head) }
        return .otherMethod(others + [.options])
    }
}

extension Route {
    fileprivate func parameters(in path: [String]) -> Parameters? {
        guard path.count == self.path.count else { return nil }
        var parameters = Parameters()
        for (segment, text) in zip(self.path, path) {
            switch segment {
            case .word(let word): if word != text { return nil }
            case .parameter(let parameter):
                if !parameters.take(text, as: parameter) { return nil }
            }
        }
        return parameters
    }
}
