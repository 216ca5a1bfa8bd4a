namespace SalesFlow.Runtime;

/// <summary>One holder at a time for each key; keys nobody holds or waits for take no memory.</summary>
internal sealed class Gates<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, Gate> _gates = [];

    /// <summary>How many keys are held now.</summary>
    public int Held
    {
        get
        {
            lock (_gates)
                return _gates.Count;
        }
    }

    /// <summary>Waits for the key; dispose the answer to let go.</summary>
    public async Task<IDisposable> EnterAsync(TKey key, CancellationToken cancel)
    {
        Gate gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out gate!))
                _gates[key] = gate = new Gate();
            gate.Users++;
        }
        try
        {
            await gate.Semaphore.WaitAsync(cancel);
        }
        catch
        {
            Leave(key, gate, entered: false);
            throw;
        }
        return new Pass(this, key, gate);
    }

    private void Leave(TKey key, Gate gate, bool entered)
    {
        if (entered)
            gate.Semaphore.Release();
        lock (_gates)
            if (--gate.Users == 0)
            {
                _gates.Remove(key);
                gate.Dispose();
            }
    }

    private sealed class Gate : IDisposable
    {
        public readonly SemaphoreSlim Semaphore = new(1, 1);
        public int Users;

        public void Dispose() => Semaphore.Dispose();
    }

    private sealed class Pass(Gates<TKey> gates, TKey key, Gate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                gates.Leave(key, gate, entered: true);
        }
    }
}
