using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Runtime.Interop;

namespace SalesFlow.Engine.Expressions;

/// <summary>The functions that every script finds, whatever its definition (section 3.3 of the engine's specification).</summary>
internal sealed class ScriptHost(ScriptRealm realm, Jint.Engine engine)
{
    /// <summary>The names of those functions; no variable can take them over.</summary>
    public static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet([
        "getVariable", "setVariable", "getInput", "getOutputFrom", "getLastResult", "getCorrelationId", "setCorrelationId", "getWorkflowInstanceName",
        "setWorkflowInstanceName", "getWorkflowInstanceId", "getWorkflowDefinitionId", "getWorkflowDefinitionVersionId", "getWorkflowDefinitionVersion",
        "isNullOrWhiteSpace", "isNullOrEmpty", "toJson", "parseGuid", "newGuid", "newGuidString", "newShortGuid", "getGuid", "getGuidString", "getShortGuid",
        "bytesToString", "bytesFromString", "bytesToBase64", "bytesFromBase64", "stringToBase64", "stringFromBase64", "streamToBytes", "streamToBase64"], StringComparer.Ordinal);

    private Scope Scope => realm.Scope;

    public void Install()
    {
        InstallInstance();
        InstallText();
        InstallIds();
        Add("__chance", _ => realm.Chance());
    }

    /// <summary>
    /// Run once in a new engine: chance comes from the turn, the built-ins that can make a huge text of a small one in a single step ask for its size
    /// first, and every built-in is frozen.
    /// </summary>
    public static string Hardening(int maxText) => $$"""
        (function () {
          const chance = globalThis.__chance;
          delete globalThis.__chance;
          Math.random = { random() { return chance(); } }.random;
          const limit = {{maxText.ToString(CultureInfo.InvariantCulture)}};
          const apply = Reflect.apply;
          const guard = (proto, name, size) => {
            const original = proto[name];
            const guarded = { [name](...a) {
              if (size(this, a) > limit) throw new RangeError(`${name}() would make a text longer than the limit of ${limit} characters`);
              return apply(original, this, a); } }[name];
            Object.defineProperty(proto, name, { value: guarded, writable: true, configurable: true, enumerable: false });
          };
          const length = v => v == null ? 0 : String(v).length;
          guard(String.prototype, 'repeat', (t, a) => length(t) * Number(a[0]));
          guard(String.prototype, 'padStart', (t, a) => Number(a[0]));
          guard(String.prototype, 'padEnd', (t, a) => Number(a[0]));
          guard(String.prototype, 'concat', (t, a) => { let n = length(t); for (const x of a) n += length(x); return n; });
          guard(String.prototype, 'replaceAll', (t, a) => typeof a[1] === 'function' ? 0 : length(t) * Math.max(1, length(a[1])));
          guard(String.prototype, 'replace', (t, a) => typeof a[1] === 'function' || typeof a[0] === 'string' ? 0 : length(t) * Math.max(1, length(a[1])));
          guard(Array.prototype, 'join', (t, a) => {
            let n = Math.max(0, t.length - 1) * (a[0] === undefined ? 1 : length(a[0]));
            for (const x of t) n += typeof x === 'string' ? x.length : 0;
            return n; });
          for (const name of ['ArrayBuffer', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
                              'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Float16Array']) {
            const original = globalThis[name];
            if (!original) continue;
            const guarded = function (...a) {
              if (Math.max(Number(a[0]) || 0, Number(a[0]?.length) || 0, Number(a[1]?.maxByteLength) || 0) > limit)
                throw new RangeError(`${name} would be longer than the limit of ${limit}`);
              return Reflect.construct(original, a, new.target ?? original); };
            Object.setPrototypeOf(guarded, original);
            Object.defineProperty(guarded, 'name', { value: name });
            guarded.prototype = original.prototype;
            Object.defineProperty(original.prototype, 'constructor', { value: guarded, writable: true, configurable: true, enumerable: false });
            Object.defineProperty(globalThis, name, { value: guarded, writable: true, configurable: true, enumerable: false });
          }
          guard(ArrayBuffer.prototype, 'transfer', (t, a) => Number(a[0] ?? 0));
          guard(ArrayBuffer.prototype, 'transferToFixedLength', (t, a) => Number(a[0] ?? 0));
          // Nothing that waits, shares memory between threads, sees the collector or opens another realm.
          for (const name of ['Atomics', 'SharedArrayBuffer', 'ShadowRealm', 'WeakRef', 'FinalizationRegistry', 'Temporal', 'WebAssembly', 'System', 'importNamespace', 'clrHelper'])
            delete globalThis[name];
          const seen = new Set();
          const freeze = o => {
            if (o === null || (typeof o !== 'object' && typeof o !== 'function') || o === globalThis || seen.has(o)) return;
            seen.add(o);
            Object.freeze(o);
            freeze(Object.getPrototypeOf(o));
            for (const key of Reflect.ownKeys(o)) {
              const d = Object.getOwnPropertyDescriptor(o, key);
              freeze(d.value); freeze(d.get); freeze(d.set);
            }
          };
          for (const key of Reflect.ownKeys(globalThis)) freeze(Object.getOwnPropertyDescriptor(globalThis, key).value);
          [function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](),
           'a'.matchAll(/a/g), (function* () {})(), (async function* () {})()].forEach(freeze);
        })();
        """;

    private void InstallInstance()
    {
        Add("getVariable", a => Scope.GetVariable(Text(a, 0), out _));
        Add("setVariable", a => { Scope.SetVariable(Text(a, 0), Value(a, 1)); return null; });
        Add("getInput", a => Scope.GetInput(Text(a, 0)));
        Add("getOutputFrom", a => Scope.GetOutput(Text(a, 0), Value(a, 1) as string));
        Add("getLastResult", _ => Scope.LastResult);
        Add("getCorrelationId", _ => Scope.CorrelationId);
        Add("setCorrelationId", a => { Scope.CorrelationId = OptionalText(a, 0); return null; });
        Add("getWorkflowInstanceName", _ => Scope.InstanceName);
        Add("setWorkflowInstanceName", a => { Scope.InstanceName = OptionalText(a, 0); return null; });
        Add("getWorkflowInstanceId", _ => Scope.InstanceId.ToString(CultureInfo.InvariantCulture));
        Add("getWorkflowDefinitionId", _ => Scope.DefinitionId);
        Add("getWorkflowDefinitionVersionId", _ => Scope.VersionId);
        Add("getWorkflowDefinitionVersion", _ => Scope.Version);
    }

    private void InstallText()
    {
        Add("isNullOrWhiteSpace", a => string.IsNullOrWhiteSpace(OptionalText(a, 0)));
        Add("isNullOrEmpty", a => string.IsNullOrEmpty(OptionalText(a, 0)));
        Add("toJson", a => Json.Text(Value(a, 0)));
        Add("bytesToString", a => Encoding.UTF8.GetString(Bytes(a)));
        Add("bytesFromString", a => Encoding.UTF8.GetBytes(Text(a, 0)));
        Add("bytesToBase64", a => Convert.ToBase64String(Bytes(a)));
        // A stream never gets into a script here; what Elsa would read from one are the bytes themselves.
        Add("streamToBytes", Bytes);
        Add("streamToBase64", a => Convert.ToBase64String(Bytes(a)));
        Add("bytesFromBase64", a => Base64(Text(a, 0)));
        Add("stringToBase64", a => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0))));
        Add("stringFromBase64", a => Encoding.UTF8.GetString(Base64(Text(a, 0))));
    }

    private void InstallIds()
    {
        Add("parseGuid", a => Guid.TryParse(Text(a, 0), out var id) ? id.ToString() : throw new FaultException($"parseGuid: '{Text(a, 0)}' is not a GUID"));
        Add("newGuid", _ => realm.NewGuid().ToString());
        Add("newGuidString", _ => realm.NewGuid().ToString());
        Add("getGuid", _ => realm.NewGuid().ToString());
        Add("getGuidString", _ => realm.NewGuid().ToString());
        Add("newShortGuid", _ => Short(realm.NewGuid()));
        Add("getShortGuid", _ => Short(realm.NewGuid()));
    }

    private void Add(string name, Func<JsValue[], object?> function) =>
        engine.SetValue(name, new ClrFunction(engine, name, (_, arguments) => ScriptValues.Into(engine, function(arguments))));

    private static string Short(Guid id) => Convert.ToBase64String(id.ToByteArray())[..22].Replace('/', '_').Replace('+', '-');

    private object? Value(JsValue[] arguments, int at) => ScriptValues.From(ScriptValues.At(arguments, at), realm.Limits.ExpressionOutput);

    private string? OptionalText(JsValue[] arguments, int at) => Value(arguments, at) is { } value ? Conversion.ToText(value) : null;

    private string Text(JsValue[] arguments, int at) => OptionalText(arguments, at) ?? "";

    private byte[] Bytes(JsValue[] arguments) => Value(arguments, 0) switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => [],
    };

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new FaultException($"'{Conversion.Shorten(text)}' is not base64");
        }
    }
}
