extension RunnerProfile {
    /// Refuses commands that the runner would not run, as far as that is known before they are
    /// begun: an image whose name is made on the way is judged when it is there.
    package func take(_ run: Run) throws(RunnerRefusal) {
        try takeImage(of: run)
        _ = try network(asked: run.network)
        _ = try limits(asked: run.limits)
    }

    package func takeImage(of run: Run) throws(RunnerRefusal) {
        guard let docker = kind.docker else {
            guard run.image == nil else {
                throw RunnerRefusal(
                    "it names an image, and runner '\(name)' has none; name a runner whose profile "
                        + "says 'kind: docker'")
            }
            return
        }
        guard run.image?.references.isEmpty ?? true else { return }
        _ = try docker.image(asked: run.image?.text, of: name)
    }
}
