using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chard.Canvases;

/// <summary>
/// Where a part, or what is not cut, lies in its whole: names its orchestration and its payload. A part of a part is smaller, so no
/// name comes twice.
/// </summary>
internal static class PartPlace
{
    private const int LongestInstanceId = 99;

    public static string Of(string path, int first, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}.{first}-{first + count - 1}");

    /// <summary>
    /// Begins with the workflow's id and a dot, so that cancelling finds it, and stays within the strictest backend's limit.
    /// </summary>
    public static string InstanceIdOf(string workflowId, string place)
    {
        string id = $"{workflowId}.{place}";
        return id.Length <= LongestInstanceId
            ? id
            : $"{workflowId}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)))[..32]}";
    }
}
