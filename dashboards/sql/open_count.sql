-- Bao nhiêu cảnh báo đang mở, cùng một nghĩa với danh sách / open alerts, by the same definition as the list.
select count(*) as "đang mở" from open_alerts_at($__timeTo()) a
where '*' in ($hamlet) or cardinality(a.hamlets) = 0 or a.hamlets && array[$hamlet]::text[];
