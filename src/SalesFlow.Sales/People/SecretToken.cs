using System.Security.Cryptography;
using System.Text;

namespace SalesFlow.Sales.People;

/// <summary>Secrets that are a right by themselves: API keys, links of clients, addresses of calendar feeds. Whoever made one sees it once; only its hash is stored.</summary>
internal static class SecretToken
{
    private const int Length = 43;

    /// <summary>256 bits of chance, fit for an address.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>What is stored of it. It is too long to be guessed, so a plain hash is as good as a slow one.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The hash to look for when somebody comes by an address; null for what was never a token, so that nothing is looked for.</summary>
    public static string? Sought(string token) => token.Length == Length ? HashOf(token) : null;
}
