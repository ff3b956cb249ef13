"""Travel permits, their QR codes and checkpoint scans (giấy đi đường)."""
