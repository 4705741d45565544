namespace Chard.Tool.Api;

/// <summary>Nobody answers, or the answer broke off.</summary>
internal sealed class AppUnreachableException(string message) : Exception(message);
