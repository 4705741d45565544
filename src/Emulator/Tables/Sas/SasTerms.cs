namespace Chard.Emulator.Tables.Sas;

/// <summary>A signature needs an end and permissions, unless a stored access policy gives them.</summary>
internal static class SasTerms
{
    public static void Check(string identifier, DateTimeOffset expiresOn, string permissions)
    {
        if (identifier is not null)
        {
            return;
        }

        if (expiresOn == default)
        {
            throw new InvalidOperationException("The signature has no end: set ExpiresOn, or Identifier to name a stored access policy.");
        }

        if (string.IsNullOrEmpty(permissions))
        {
            throw new InvalidOperationException("The signature allows nothing: call SetPermissions, or set Identifier to name a stored access policy.");
        }
    }
}
