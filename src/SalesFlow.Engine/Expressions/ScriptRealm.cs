using System.Globalization;
using System.Security.Cryptography;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace SalesFlow.Engine.Expressions;

/// <summary>
/// One pooled JavaScript engine. Its built-ins are frozen and its globals restored after each evaluation, so that nothing passes from one to the next;
/// an engine that met a limit is thrown away.
/// </summary>
internal sealed class ScriptRealm : IDisposable
{
    private const int MaxStatements = 1_000_000;
    private const uint MaxArray = 100_000;
    private readonly Jint.Engine _engine;
    private readonly GlobalSnapshot _clean;
    private readonly Deadline _deadline;
    private ulong _chance;

    public ScriptRealm(EngineLimits limits)
    {
        Limits = limits;
        _deadline = new(limits.ExpressionTime);
        _engine = new Jint.Engine(options => Configure(options, limits));
        new ScriptHost(this, _engine).Install();
        _engine.Execute(ScriptDotNet.Source);
        _engine.Execute(ScriptHost.Hardening(limits.ExpressionOutput));
        _clean = _engine.Advanced.CaptureGlobalSnapshot();
    }

    public EngineLimits Limits { get; }
    /// <summary>The scope of the evaluation under way.</summary>
    public Scope Scope { get; private set; } = null!;

    public object? Run(in Prepared<Acornima.Ast.Script> script, ScriptGlobals globals, Scope scope)
    {
        Scope = scope;
        _chance = 0;
        _deadline.IsArmed = true;
        try
        {
            var variables = globals.Install(_engine, scope);
            var result = ScriptValues.From(_engine.Evaluate(script).UnwrapIfPromise(Limits.ExpressionTime), Limits.ExpressionOutput);
            ScriptGlobals.WriteBack(variables, scope, Limits.ExpressionOutput);
            _engine.Constraints.Check();
            return result;
        }
        finally
        {
            _engine.Advanced.RestoreGlobalSnapshot(_clean);
            Scope = null!;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _engine.Dispose();

    /// <summary>The next number of Math.random: the same in every replay.</summary>
    public double Chance()
    {
        if (_chance == 0)
            _chance = BitConverter.ToUInt64(NextBytes()) | 1;
        _chance ^= _chance << 13;
        _chance ^= _chance >> 7;
        _chance ^= _chance << 17;
        return (_chance >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>An id that nobody else has: derived from the instance and its next number, so that a replay makes the same.</summary>
    public Guid NewGuid()
    {
        var bytes = NextBytes()[..16];
        bytes[7] = (byte)(bytes[7] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes);
    }

    private byte[] NextBytes() =>
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Scope.InstanceId}:{Scope.NextNumber()}")));

    private void Configure(Options options, EngineLimits limits)
    {
        options.Constraint(_deadline).LimitMemory(limits.ExpressionMemory).MaxStatements(MaxStatements)
            .LimitRecursion(limits.ExpressionRecursion).DisableStringCompilation();
        options.Constraints.RegexTimeout = limits.ExpressionTime / 2;
        options.Constraints.PromiseTimeout = limits.ExpressionTime;
        options.Constraints.MaxArraySize = MaxArray;
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.MaxAtomicsPauseIterations = 0;
        options.Interop.Enabled = false;
        options.AgentCanSuspend = false;
        options.Culture = CultureInfo.InvariantCulture;
        options.TimeZone = TimeZoneInfo.Utc;
        options.TimeSystem = new TurnTime(this);
    }

    /// <summary>The time limit of one evaluation; building the engine itself is not counted.</summary>
    private sealed class Deadline(TimeSpan limit) : Constraint
    {
        private long _started;
        public bool IsArmed { get; set; }
        public override bool IsAmortizable => true;
        public override void Reset() => _started = System.Diagnostics.Stopwatch.GetTimestamp();

        public override void Check()
        {
            if (IsArmed && System.Diagnostics.Stopwatch.GetElapsedTime(_started) > limit)
                throw new TimeoutException();
        }
    }

    /// <summary>The time of the turn as the only clock of scripts.</summary>
    private sealed class TurnTime(ScriptRealm realm) : ITimeSystem
    {
        private readonly DefaultTimeSystem _parser = new(TimeZoneInfo.Utc, CultureInfo.InvariantCulture);
        public TimeZoneInfo DefaultTimeZone => TimeZoneInfo.Utc;
        public DateTimeOffset GetUtcNow() => realm.Scope?.Now.ToUniversalTime() ?? DateTimeOffset.UnixEpoch;
        public TimeSpan GetUtcOffset(long epochMilliseconds) => TimeSpan.Zero;
        public bool TryParse(string date, out long epochMilliseconds) => _parser.TryParse(date, out epochMilliseconds);
    }
}
